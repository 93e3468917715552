import type { ClaimAnswer, ClaimRequest } from './ledger.port.js';
import type { Reservation } from './scope.account.js';
import type { SubjectMark } from './subject.book.js';

/** A question that is claimed, in doubt or blocked. Times are monotonic milliseconds. */
export type OpenQuestion = { readonly subjects: readonly string[] } & (
  | {
      readonly kind: 'in_flight';
      readonly owner: string;
      readonly leaseUntil: number;
      readonly doubtUntil: number;
      readonly reservation: Reservation;
      readonly mark: SubjectMark;
      /** Entries that the grant replaced. A release restores them. */
      readonly replaced: readonly Replaced[];
      /** The person was erased during the call: its answer is not kept. */
      forgotten: boolean;
    }
  | { readonly kind: 'in_doubt'; readonly doubtUntil: number }
  | { readonly kind: 'blocked'; readonly until: number }
);
export type InFlight = Extract<OpenQuestion, { kind: 'in_flight' }>;

type Replaced = readonly [key: string, open: OpenQuestion];

/** The questions of a memory ledger that have no answer yet: intents, doubts and blocks, one per key. */
export class OpenQuestions {
  readonly #open = new Map<string, OpenQuestion>();
  readonly #capacity: number;
  readonly #onDropped: (key: string, open: OpenQuestion, elapsed: number) => void;

  /**
   * @param capacity maximum number of open questions
   * @param onDropped called after an expired question was removed to make room
   */
  constructor(capacity: number, onDropped: (key: string, open: OpenQuestion, elapsed: number) => void) {
    this.#capacity = capacity;
    this.#onDropped = onDropped;
  }

  get(key: string): OpenQuestion | undefined {
    return this.#open.get(key);
  }

  has(key: string): boolean {
    return this.#open.has(key);
  }

  set(key: string, open: OpenQuestion): void {
    this.#open.set(key, open);
  }

  /** Removes the intent, if the owner still holds it. */
  take(key: string, owner: string): InFlight | undefined {
    const open = this.#open.get(key);
    if (open?.kind !== 'in_flight' || open.owner !== owner) return undefined;
    this.#open.delete(key);
    return open;
  }

  /** Returns the refusal that an earlier claim of the same question causes, if any. */
  heldBack({ keys, repeatInDoubt }: ClaimRequest, elapsed: number): ClaimAnswer | undefined {
    for (const key of keys) {
      const open = this.#open.get(key);
      if (!open) continue;
      if (open.kind === 'in_flight' && elapsed < open.leaseUntil) {
        return { verdict: 'in_flight', leaseMs: open.leaseUntil - elapsed };
      }
      if (open.kind === 'blocked') {
        if (elapsed < open.until)
          return { verdict: 'refused', reason: 'same_parameter', retryAfterMs: open.until - elapsed };
      } else if (elapsed < open.doubtUntil && !repeatInDoubt) {
        return { verdict: 'unknown', retryAfterMs: open.doubtUntil - elapsed };
      }
    }
    return undefined;
  }

  /** Returns whether another question fits. Removes expired questions, and no others. */
  hasRoom(elapsed: number): boolean {
    if (this.#open.size < this.#capacity) return true;
    for (const [key, open] of this.#open) {
      const until = open.kind === 'blocked' ? open.until : open.doubtUntil;
      if (elapsed < until) continue;
      this.#open.delete(key);
      this.#onDropped(key, open, elapsed);
    }
    return this.#open.size < this.#capacity;
  }

  /** Writes an intent under the first of the question's keys. It replaces the entries under all of them. */
  begin(keys: readonly string[], intent: Omit<InFlight, 'kind' | 'replaced' | 'forgotten'>): void {
    const replaced: Replaced[] = [];
    for (const key of keys) {
      const before = this.#open.get(key);
      if (before && this.#open.delete(key)) replaced.push([key, lapsed(before)]);
    }
    this.#open.set(keys[0] ?? '', { kind: 'in_flight', ...intent, replaced, forgotten: false });
  }

  /**
   * Erases a question, and returns whether an entry was removed. An intent stays, because its call must still be
   * settled, but its answer will not be kept.
   */
  forget(key: string): boolean {
    const open = this.#open.get(key);
    if (open?.kind !== 'in_flight') return this.#open.delete(key);
    open.forgotten = true;
    return false;
  }
}

/** Turns an intent that another owner replaces into a doubt: the first owner may never settle it. */
function lapsed(open: OpenQuestion): OpenQuestion {
  if (open.kind !== 'in_flight') return open;
  return { kind: 'in_doubt', subjects: open.subjects, doubtUntil: open.doubtUntil };
}
