import type { Clock } from '../support/clock.js';
import { grantOf, type LedgerGate } from './ledger.gate.js';
import type { ClaimRequest, ForgetRequest, Grant, Settlement } from './ledger.port.js';

/** The end of a kept settlement: written; not accepted, because the intent is gone; or given up. */
export type WriteBackResult = 'written' | 'superseded' | 'lost';

/** The collaborators of {@link WriteBack}. */
export interface WriteBackParts {
  readonly clock: Pick<Clock, 'monotonic' | 'schedule'>;
  readonly ledger: Pick<LedgerGate, 'settle' | 'release'>;
  /** Called once for the end of each call, except those that {@link WriteBack.forget} drops. */
  readonly onResult: (result: WriteBackResult) => void;
}

/** A settlement, or the release of a grant, that failed. It holds keys and never an identity. */
interface Kept {
  readonly end: Settlement | Grant;
  readonly request: ClaimRequest;
  /** The ledger may not have made this grant, so its end is not reported. */
  readonly isUncertain: boolean;
  /** After this time the ledger no longer holds the intent, in monotonic milliseconds. */
  readonly until: number;
}

const MAX_KEPT = 1_000;
const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 1_000;

/**
 * Keeps the ends of calls that could not be written to the ledger, and writes them when the ledger is back. Otherwise an
 * answer that is paid for would become a doubt, and so would a question that was claimed and never sent.
 *
 * At most 1,000 are kept, each for as long as the ledger can hold its intent. One is tried after 250 ms and then after up
 * to 1 s; a success is followed by the others.
 */
export class WriteBack {
  readonly #parts: WriteBackParts;
  /** In order of the next try. */
  readonly #kept = new Map<string, Kept>();
  #retryMs = FIRST_RETRY_MS;
  #cancelTimer: (() => void) | undefined;
  #isClosed = false;

  constructor(parts: WriteBackParts) {
    this.#parts = parts;
  }

  /** The scopes of what is kept. */
  scopes(): ReadonlySet<string> {
    return new Set(Array.from(this.#kept.values(), ({ end }) => end.scope));
  }

  /** Keeps the end of a claim that could not be written. */
  keep(request: ClaimRequest, end: Settlement | Grant): void {
    if (this.#isClosed) return this.#parts.onResult('lost');
    if (this.#kept.size >= MAX_KEPT) this.#dropOne();
    this.#add(request, end, false);
  }

  /**
   * Keeps the release of a claim that failed, because the ledger may have granted it all the same. Where there is no room,
   * it is dropped: the ones that failed first are the ones that may have been granted.
   */
  giveBack(request: ClaimRequest): void {
    if (!this.#isClosed && this.#kept.size < MAX_KEPT) this.#add(request, grantOf(request), true);
  }

  /** Drops what is kept for a person. */
  forget({ scope, keys, idKeys, mobileKeys }: ForgetRequest): void {
    const named = new Set([...keys, ...idKeys, ...mobileKeys]);
    for (const [owner, { request }] of this.#kept) {
      if (request.scope !== scope) continue;
      if ([...request.keys, ...request.idKeys, ...request.mobileKeys].some((key) => named.has(key)))
        this.#kept.delete(owner);
    }
  }

  /**
   * Tries everything once more, until the ledger fails or `timeoutMs` is over. What is left is lost. Keeps nothing after
   * this.
   */
  async close(timeoutMs: number): Promise<void> {
    this.#isClosed = true;
    this.#cancelTimer?.();
    await this.#flush(this.#parts.clock.monotonic() + timeoutMs);
    for (const owner of this.#kept.keys()) this.#done(owner, 'lost');
  }

  #add(request: ClaimRequest, end: Settlement | Grant, isUncertain: boolean): void {
    const until = this.#parts.clock.monotonic() + request.leaseMs + request.doubtMs;
    this.#kept.set(request.owner, { end, request, isUncertain, until });
    this.#schedule();
  }

  /** Drops the oldest release of an uncertain grant, or else the oldest end of a call. */
  #dropOne(): void {
    const owners = [...this.#kept.keys()];
    const oldest = owners.find((owner) => this.#kept.get(owner)?.isUncertain) ?? owners[0];
    if (oldest !== undefined) this.#done(oldest, 'lost');
  }

  #schedule(): void {
    if (this.#cancelTimer || this.#isClosed || this.#kept.size === 0) return;
    this.#cancelTimer = this.#parts.clock.schedule(() => void this.#retry(), this.#retryMs);
  }

  async #retry(): Promise<void> {
    const isBack = await this.#flush();
    this.#retryMs = isBack ? FIRST_RETRY_MS : Math.min(2 * this.#retryMs, LONGEST_RETRY_MS);
    this.#cancelTimer = undefined;
    this.#schedule();
  }

  /** Writes what is kept, one after the other, until one fails. Returns whether none failed. */
  async #flush(stopAt = Infinity): Promise<boolean> {
    const { clock, ledger } = this.#parts;
    for (const [owner, kept] of this.#kept) {
      if (clock.monotonic() >= stopAt) return false;
      if (clock.monotonic() >= kept.until) {
        this.#done(owner, 'lost');
        continue;
      }
      try {
        const { end } = kept;
        const isWritten = await ('result' in end ? ledger.settle(end) : ledger.release(end));
        this.#done(owner, isWritten ? 'written' : 'superseded');
      } catch {
        // To the end of the queue, so that one that always fails does not keep back the others.
        if (this.#kept.delete(owner)) this.#kept.set(owner, kept);
        return false;
      }
    }
    return true;
  }

  #done(owner: string, result: WriteBackResult): void {
    const kept = this.#kept.get(owner);
    if (this.#kept.delete(owner) && kept?.isUncertain === false) this.#parts.onResult(result);
  }
}
