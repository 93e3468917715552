import type { Clock } from '../support/clock.js';
import { dropFirst } from '../support/drop-first.js';
import type { CallBudget } from './ledger.port.js';

/** How often the spent calls of a scope are asked for. */
const REFRESH_MS = 5_000;
/** Time for which the spent calls of a scope are asked for after its last question. */
const WATCHED_MS = 600_000;
const MOST_WATCHED = 100;

/** Asks a store again and again for the spent calls of the scopes in use that have a budget. */
export class SpendingWatch {
  readonly #clock: Pick<Clock, 'monotonic' | 'schedule'>;
  readonly #refresh: (scope: string) => Promise<unknown>;
  /** The last question of each scope, in monotonic milliseconds. */
  readonly #usedAt = new Map<string, number>();
  #cancelTimer: (() => void) | undefined;
  #isStopped = false;

  /** @param refresh asks the store, and rejects if it fails */
  constructor(clock: Pick<Clock, 'monotonic' | 'schedule'>, refresh: (scope: string) => Promise<unknown>) {
    this.#clock = clock;
    this.#refresh = refresh;
  }

  /** The scope is used now. Returns whether it has a budget to watch. */
  watch(scope: string, { callsPerDay, callsPerMonth }: CallBudget): boolean {
    if (callsPerDay === undefined && callsPerMonth === undefined) return false;
    this.#usedAt.delete(scope);
    this.#usedAt.set(scope, this.#clock.monotonic());
    if (this.#usedAt.size > MOST_WATCHED) dropFirst(this.#usedAt);
    this.#schedule();
    return true;
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }

  #schedule(): void {
    if (this.#cancelTimer || this.#isStopped || this.#usedAt.size === 0) return;
    this.#cancelTimer = this.#clock.schedule(() => void this.#refreshAll(), REFRESH_MS, true);
  }

  async #refreshAll(): Promise<void> {
    for (const [scope, usedAt] of Array.from(this.#usedAt)) {
      if (this.#isStopped) return;
      if (this.#clock.monotonic() - usedAt > WATCHED_MS) this.#usedAt.delete(scope);
      else {
        try {
          await this.#refresh(scope);
        } catch {
          break; // the store fails, and the breaker knows
        }
      }
    }
    this.#cancelTimer = undefined;
    this.#schedule();
  }
}
