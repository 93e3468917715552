import type { Clock } from '../support/clock.js';
import type { Complete } from '../support/complete.types.js';

export interface CallLimiterOptions {
  /** Most calls under way at once. @default 64 */
  readonly concurrency?: number | undefined;
  /** Most calls that wait for their turn. @default 256 */
  readonly queue?: number | undefined;
  /** Most calls begun in a second. @default unlimited */
  readonly callsPerSecond?: number | undefined;
}

/** The same with every default. */
export type ResolvedLimiterOptions = Complete<Omit<CallLimiterOptions, 'callsPerSecond'>> &
  Pick<CallLimiterOptions, 'callsPerSecond'>;

/** Whether it is a call's turn. Only an admitted one must be released. */
export type LimiterAdmission = 'admitted' | 'full' | 'aborted';

interface Waiter {
  readonly start: () => void;
}

/** Holds calls back so that neither this host nor the gateway's throttle is overrun. Waiting costs nothing. */
export class CallLimiter {
  readonly #clock: Pick<Clock, 'monotonic' | 'schedule'>;
  readonly #concurrency: number;
  readonly #queueLimit: number;
  readonly #intervalMs: number;
  readonly #queue = new Set<Waiter>();
  #active = 0;
  #nextStart = -Infinity;
  #cancelTimer: (() => void) | undefined;

  constructor(
    clock: Pick<Clock, 'monotonic' | 'schedule'>,
    { concurrency, queue, callsPerSecond }: ResolvedLimiterOptions,
  ) {
    this.#clock = clock;
    this.#concurrency = concurrency;
    this.#queueLimit = queue;
    this.#intervalMs = callsPerSecond === undefined ? 0 : 1_000 / callsPerSecond;
  }

  get active(): number {
    return this.#active;
  }

  get waiting(): number {
    return this.#queue.size;
  }

  /** Waits for a turn; never rejects. A waiter whose signal aborts does not keep its place. */
  async acquire(signal: AbortSignal): Promise<LimiterAdmission> {
    if (signal.aborted) return 'aborted';
    if (this.#queue.size === 0 && this.#ready()) {
      this.#begin();
      return 'admitted';
    }
    if (this.#queue.size >= this.#queueLimit) return 'full';
    return new Promise<LimiterAdmission>((resolve) => {
      const giveUp = () => {
        this.#queue.delete(waiter);
        resolve('aborted');
      };
      const waiter: Waiter = {
        start: () => {
          signal.removeEventListener('abort', giveUp);
          resolve('admitted');
        },
      };
      signal.addEventListener('abort', giveUp, { once: true });
      this.#queue.add(waiter);
      this.#pump();
    });
  }

  release(): void {
    this.#active -= 1;
    this.#pump();
  }

  #ready(): boolean {
    return this.#active < this.#concurrency && this.#clock.monotonic() >= this.#nextStart;
  }

  #begin(): void {
    this.#active += 1;
    if (this.#intervalMs > 0) this.#nextStart = Math.max(this.#nextStart, this.#clock.monotonic()) + this.#intervalMs;
  }

  #pump(): void {
    for (const waiter of this.#queue) {
      if (!this.#ready()) break;
      this.#queue.delete(waiter);
      this.#begin();
      waiter.start();
    }
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    if (this.#queue.size > 0 && this.#active < this.#concurrency) {
      this.#cancelTimer = this.#clock.schedule(
        () => this.#pump(),
        Math.max(0, this.#nextStart - this.#clock.monotonic()),
      );
    }
  }
}
