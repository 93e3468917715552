import type { Billed, Outcome } from '@identity-verify/contract';
import type { LatchName } from '../errors/consequences.data.js';

/** A value or a promise of one. The memory ledger answers synchronously. */
export type Awaitable<T> = T | PromiseLike<T>;

/** The part of an answer that the ledger keeps. Never contains a name, a number or a mobile. */
export interface LedgerAnswer {
  readonly outcome: Outcome;
  /** The upstream's code. */
  readonly code: string;
  readonly billed: Billed;
  readonly seqNo?: string;
  readonly requestId?: string;
  /**
   * Time of the answer, in milliseconds since the epoch. For display, and to recognise an answer of a shared ledger that is
   * over; the ledger measures ages by its own clock.
   */
  readonly answeredAt: number;
  /**
   * Proves that a process with the pepper wrote this answer for this question. Kept as it is, and checked by the module:
   * an answer of a shared ledger without it is refused, never believed. At most 64 characters.
   */
  readonly seal?: string;
}

/** The number of different triples that may be tried for one person within a window. */
export interface SubjectLimit {
  readonly perIdNumber: number;
  readonly perMobile: number;
  readonly windowMs: number;
}

/** The number of calls that may be paid for in a calendar period of Asia/Shanghai. */
export interface CallBudget {
  readonly callsPerDay?: number | undefined;
  readonly callsPerMonth?: number | undefined;
}

/**
 * A request to ask one question. Plain data that survives `JSON.stringify`, so that a store can decide it in one atomic
 * step.
 */
export interface ClaimRequest {
  /** Selects the budget and the latch: one scope per instance and tenant. */
  readonly scope: string;
  /** Keys of the question, at least one: first under the current pepper, then under older ones. */
  readonly keys: readonly string[];
  /** Keys of the ID number, for the subject limit and for `forget`, in the order of the peppers. */
  readonly idKeys: readonly string[];
  /** Keys of the mobile, in the order of the peppers. */
  readonly mobileKeys: readonly string[];
  /** Unique per claim. Only the owner can settle or release it. */
  readonly owner: string;
  /** Lifetime of the intent, in milliseconds. After it the owner counts as dead. Longer than the total deadline. */
  readonly leaseMs: number;
  /** Time after the lease for which an unanswered intent stays in doubt, in milliseconds. */
  readonly doubtMs: number;
  /** Maximum age of an answer, in milliseconds; 0 forces a fresh one. */
  readonly maxAgeMs: number | undefined;
  /** Ask again even if an earlier call may have been paid for. */
  readonly repeatInDoubt: boolean;
  readonly budget: CallBudget;
  readonly subjectLimit: SubjectLimit | undefined;
}

/** The reason for which a claim was refused. */
export type ClaimRefusal =
  'budget_day' | 'budget_month' | 'subject_id_number' | 'subject_mobile' | 'same_parameter' | 'latched' | 'capacity';

export type ClaimAnswer =
  /** A settled answer that is still fresh. Costs nothing. */
  | { readonly verdict: 'hit'; readonly answer: LedgerAnswer }
  /**
   * The intent is written and one call is reserved. The owner must settle or release it. `probe` marks the one call
   * that a closed latch lets through. `spent` includes this call; it is present if the ledger can return it at no
   * further cost.
   */
  | { readonly verdict: 'granted'; readonly probe: boolean; readonly spent?: LedgerSpent }
  /** Another owner holds the intent. */
  | { readonly verdict: 'in_flight'; readonly leaseMs: number }
  /** An earlier call may have been paid for, and its answer is lost. */
  | { readonly verdict: 'unknown'; readonly retryAfterMs: number }
  | { readonly verdict: 'refused'; readonly reason: ClaimRefusal; readonly retryAfterMs: number };

/** Identifies a granted claim. */
export interface Grant {
  readonly scope: string;
  /** The first of the claim's keys. */
  readonly key: string;
  readonly owner: string;
}

/** The end of a question that was sent. Plain data. */
export interface Settlement extends Grant {
  readonly result:
    /** An answer, kept for `ttlMs`. `charged: false` refunds the reserved call. */
    | { readonly kind: 'answered'; readonly answer: LedgerAnswer; readonly ttlMs: number; readonly charged: boolean }
    /** Proven unbilled: the reservation is refunded. */
    | {
        readonly kind: 'unbilled';
        /**
         * The reply concerns this question alone and says nothing about the account, so a latch can be probed again at
         * once.
         */
        readonly inconclusive?: boolean;
        /** Time for which this question is refused, in milliseconds: the upstream's limit on equal questions. */
        readonly blockMs?: number;
        readonly latch?: { readonly name: LatchName; readonly ms: number };
      }
    /** It may have been billed: the reservation stays, and the question is in doubt for `ttlMs`. */
    | { readonly kind: 'in_doubt'; readonly ttlMs: number };
}

/** The calls that a scope has spent, including unknown charges and reservations under way. */
export interface LedgerSpent {
  readonly callsToday: number;
  readonly callsThisMonth: number;
}

/** A closed latch. */
export interface LatchState {
  readonly name: LatchName;
  /** Time of the next probe, in milliseconds since the epoch. */
  readonly until: number;
}

/** The keys of one person to erase in one scope. Each list may be empty. */
export interface ForgetRequest {
  readonly scope: string;
  readonly keys: readonly string[];
  readonly idKeys: readonly string[];
  readonly mobileKeys: readonly string[];
}

/**
 * Claims questions before they are paid for, and settles them afterwards. One port replaces a cache, a lock, a budget
 * and a block list, which could contradict each other.
 *
 * `claim`, `settle` and `release` are each one atomic step. Lifetimes use a monotonic clock (the store's own, or
 * `Clock.monotonic`); only budgets use the calendar. An implementation must pass `ledgerConformance` of
 * `@identity-verify/nestjs/testing`.
 */
export interface Ledger {
  /**
   * Name of the kind of store, for health: 1 to 32 letters, digits, `_` or `-`, such as `memory`, `sqlite`, `redis`.
   * @default 'custom'
   */
  readonly kind?: string;
  /**
   * Returns a fresh answer without the cost of a claim. Optional, and only for a ledger in the memory of this process.
   * `claim` returns the same answer.
   */
  peek?(keys: readonly string[], maxAgeMs: number | undefined): LedgerAnswer | undefined;
  claim(request: ClaimRequest): Awaitable<ClaimAnswer>;
  /** Returns false, and changes nothing, if the owner no longer holds the intent. */
  settle(settlement: Settlement): Awaitable<boolean>;
  /**
   * Undoes a grant when nothing was sent. Gives back the reservation, the subject marks and the latch's probe, and
   * restores a doubt that the grant replaced.
   *
   * Returns false, and changes nothing, if the owner no longer holds the intent.
   */
  release(grant: Grant): Awaitable<boolean>;
  /** Returns the number of erased entries. Spent calls stay counted, because they contain no personal data. */
  forget(request: ForgetRequest): Awaitable<number>;
  spent(scope: string): Awaitable<LedgerSpent>;
  latch(scope: string): Awaitable<LatchState | undefined>;
  /** Reopens the latch of a scope. Returns false if it was not closed. */
  reopen(scope: string): Awaitable<boolean>;
  /** Every scope that has made a claim, so that a person can be erased from all of them. */
  scopes(): Awaitable<readonly string[]>;
  /**
   * Called by every instance of the module when it is created. Returns a function that the instance calls after it has
   * drained. Optional, for a ledger that closes in `onApplicationShutdown`: Nest can call that hook before it shuts the
   * instances down, so the ledger must stay open until every holder has called its function.
   */
  hold?(): () => Awaitable<void>;
}

/** A ledger that several processes share. It requires the option `pepper`. */
export interface SharedLedger extends Ledger {
  readonly shared: true;
}
