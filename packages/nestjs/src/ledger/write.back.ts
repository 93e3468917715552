import type { Clock } from '../support/clock.js';
import { grantOf } from './ledger.gate.js';
import type { Awaitable, ClaimRequest, ForgetRequest, Grant, Settlement } from './ledger.port.js';

/**
 * The end of a kept settlement: written; only its call counted, because the ledger has another answer or the person was
 * erased; not accepted, because the intent is gone; or given up.
 */
export type WriteBackResult = 'written' | 'counted' | 'superseded' | 'lost';

/** The result of one try: accepted; not accepted; only counted; or to be tried again, while the ledger works. */
export type Written = boolean | 'counted' | 'later';

/** What is left of a call that is no longer to be written, but still to be counted. Names no question and no person. */
export interface Uncounted {
  readonly request: ClaimRequest;
  readonly end: Settlement;
}

/** The ends of calls that were granted without the store. */
export interface LocalEnds {
  /**
   * Takes over an end that could not be written. Returns the time for which it is worth writing, in milliseconds;
   * undefined if that is as long as the store holds the intent.
   */
  adopt(request: ClaimRequest, end: Settlement | Grant): number | undefined;
  /** What is left to count of a call. `erased`: only if the person was erased during the call. */
  uncounted(owner: string, erased: boolean): Uncounted | undefined;
  /** It is given up: nothing of it will be written. */
  givenUp(owner: string): void;
}

/** The collaborators of {@link WriteBack}. */
export interface WriteBackParts {
  readonly clock: Pick<Clock, 'monotonic' | 'schedule'>;
  readonly ledger: {
    settle(settlement: Settlement): Awaitable<Written>;
    release(grant: Grant): Awaitable<boolean>;
  };
  /** @default none: every call is granted by the store */
  readonly local?: LocalEnds | undefined;
  /** Maximum number of ends that are kept. @default 1_000 */
  readonly capacity?: number | undefined;
  /** Called once for the end of each call, except those that {@link WriteBack.forget} drops. */
  readonly onResult: (result: WriteBackResult) => void;
}

/** A settlement, or the release of a grant, that failed. It holds keys and never an identity. */
interface Kept {
  readonly end: Settlement | Grant;
  readonly request: ClaimRequest;
  /** Only the call is left to count. */
  readonly isUncounted: boolean;
  /** The store did not grant this call, so it loses nothing when this is over. */
  readonly isLocal: boolean;
  /** The ledger may not have made this grant, so its end is not reported. */
  readonly isUncertain: boolean;
  /** After this time it is not worth writing, in monotonic milliseconds: the ledger no longer holds the intent. */
  readonly until: number;
}

const DEFAULT_CAPACITY = 1_000;
const RESULT_OF = { true: 'written', false: 'superseded', counted: 'counted' } as const;
const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 1_000;

/**
 * Keeps the ends of calls that could not be written to the ledger, and writes them when the ledger is back. Otherwise an
 * answer that is paid for would become a doubt, and so would a question that was claimed and never sent.
 *
 * At most 1,000 are kept, each for as long as the ledger can hold its intent. One is tried after 250 ms and then after up
 * to 1 s; a success is followed by the others.
 *
 * A call that was granted without the store is kept for as long as its answer, and after that until it is counted.
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
    if (this.#isClosed) {
      this.#parts.local?.givenUp(request.owner);
      return this.#parts.onResult('lost');
    }
    if (this.#kept.size >= this.#capacity) this.#dropOne();
    const uncounted = this.#parts.local?.uncounted(request.owner, true);
    if (uncounted) this.#addUncounted(uncounted);
    else this.#add(request, end, false);
  }

  /**
   * Keeps the release of a claim that failed, because the ledger may have granted it all the same. Where there is no room,
   * it is dropped: the ones that failed first are the ones that may have been granted.
   */
  giveBack(request: ClaimRequest): void {
    if (!this.#isClosed && this.#kept.size < this.#capacity) this.#add(request, grantOf(request), true);
  }

  /** Drops what is kept for a person. A call that the ledger does not count stays, without its question. */
  forget({ scope, keys, idKeys, mobileKeys }: ForgetRequest): void {
    const named = new Set([...keys, ...idKeys, ...mobileKeys]);
    for (const [owner, { request }] of Array.from(this.#kept)) {
      if (request.scope !== scope) continue;
      if ([...request.keys, ...request.idKeys, ...request.mobileKeys].some((key) => named.has(key))) {
        this.#kept.delete(owner);
        this.#countOnly(owner);
      }
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

  get #capacity(): number {
    return this.#parts.capacity ?? DEFAULT_CAPACITY;
  }

  #add(request: ClaimRequest, end: Settlement | Grant, isUncertain: boolean): void {
    const keepMs = isUncertain ? undefined : this.#parts.local?.adopt(request, end);
    const until = this.#parts.clock.monotonic() + (keepMs ?? request.leaseMs + request.doubtMs);
    const isLocal = keepMs !== undefined;
    this.#kept.set(request.owner, { end, request, isUncertain, isUncounted: false, isLocal, until });
    this.#schedule();
  }

  #addUncounted({ request, end }: Uncounted): void {
    this.#kept.set(end.owner, { end, request, isUncertain: false, isUncounted: true, isLocal: true, until: Infinity });
    this.#schedule();
  }

  /** Keeps what is left to count of a call, if anything is. */
  #countOnly(owner: string): boolean {
    const uncounted = this.#parts.local?.uncounted(owner, false);
    if (uncounted) this.#addUncounted(uncounted);
    return uncounted !== undefined;
  }

  /** Drops the oldest release of an uncertain grant, or else the oldest end of a call, or else one that only counts. */
  #dropOne(): void {
    const owners = [...this.#kept.keys()];
    const oldest =
      owners.find((owner) => this.#kept.get(owner)?.isUncertain) ??
      owners.find((owner) => this.#kept.get(owner)?.isUncounted === false) ??
      owners[0];
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
    for (const [owner, kept] of Array.from(this.#kept)) {
      if (clock.monotonic() >= stopAt) return false;
      if (this.#kept.get(owner) !== kept) continue; // erased meanwhile
      if (clock.monotonic() >= kept.until) {
        this.#kept.delete(owner);
        if (!this.#countOnly(owner) && !kept.isUncertain) this.#parts.onResult(kept.isLocal ? 'superseded' : 'lost');
        continue;
      }
      try {
        const { end } = kept;
        const written = await ('result' in end ? ledger.settle(end) : ledger.release(end));
        if (written === 'later') this.#postpone(owner, kept);
        else if (this.#kept.get(owner) === kept) this.#done(owner, RESULT_OF[`${written}`]);
      } catch {
        this.#postpone(owner, kept);
        return false;
      }
    }
    return true;
  }

  /** Moves it to the end of the queue, so that one that always fails does not keep back the others. */
  #postpone(owner: string, kept: Kept): void {
    if (this.#kept.get(owner) === kept && this.#kept.delete(owner)) this.#kept.set(owner, kept);
  }

  #done(owner: string, result: WriteBackResult): void {
    const kept = this.#kept.get(owner);
    if (result === 'lost') this.#parts.local?.givenUp(owner);
    if (this.#kept.delete(owner) && kept?.isUncertain === false) this.#parts.onResult(result);
  }
}
