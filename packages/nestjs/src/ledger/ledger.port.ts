import type { Billed, Outcome } from '@identity-verify/contract';
import type { LatchName } from '../errors/consequences.data.js';

/** A value, or a promise of it: the ledger in memory answers at once. */
export type Awaitable<T> = T | PromiseLike<T>;

/** The part of an answer that is kept. Never a name, a number or a mobile. */
export interface LedgerAnswer {
  readonly outcome: Outcome;
  /** The upstream's code. */
  readonly code: string;
  readonly billed: Billed;
  readonly seqNo?: string;
  readonly requestId?: string;
  /** When the answer came, in milliseconds since the epoch. For display: ages are measured by the ledger. */
  readonly answeredAt: number;
}

/** How many different triples may be tried for one person in a window. */
export interface SubjectLimit {
  readonly perIdNumber: number;
  readonly perMobile: number;
  readonly windowMs: number;
}

/** Whole calls that may be paid for; periods are those of Asia/Shanghai. */
export interface CallBudget {
  readonly callsPerDay?: number | undefined;
  readonly callsPerMonth?: number | undefined;
}

/** "May I ask this?" Plain data: `JSON.stringify` loses nothing, so that a store can decide it in one atomic step. */
export interface ClaimRequest {
  /** Whose budget and whose latches: one per instance and tenant. */
  readonly scope: string;
  /** Keys of the question, at least one: the current pepper's first, then those of older peppers. */
  readonly keys: readonly string[];
  /** Keys of the ID number, for the subject limit and for `forget`; in the order of the peppers. */
  readonly idKeys: readonly string[];
  /** Keys of the mobile, in the order of the peppers. */
  readonly mobileKeys: readonly string[];
  /** Unique per claim. Only the owner may settle or release. */
  readonly owner: string;
  /** How long the intent lives before its owner counts as dead, in milliseconds. Longer than the total deadline. */
  readonly leaseMs: number;
  /** How long an unanswered intent is held to be in doubt after its lease, in milliseconds. */
  readonly doubtMs: number;
  /** An answer older than this is not taken; 0 forces a fresh one. */
  readonly maxAgeMs: number | undefined;
  /** Ask again although an earlier call may have been paid for. */
  readonly repeatInDoubt: boolean;
  readonly budget: CallBudget;
  readonly subjectLimit: SubjectLimit | undefined;
}

/** Why a claim was refused. */
export type ClaimRefusal =
  'budget_day' | 'budget_month' | 'subject_id_number' | 'subject_mobile' | 'same_parameter' | 'latched' | 'capacity';

export type ClaimAnswer =
  /** A settled answer that is still fresh. Costs nothing. */
  | { readonly verdict: 'hit'; readonly answer: LedgerAnswer }
  /**
   * The intent is written and one call reserved. The owner must settle or release it. `probe`: the one call let
   * through a latch. `spent`, where the ledger knows it at no further cost, counts this call.
   */
  | { readonly verdict: 'granted'; readonly probe: boolean; readonly spent?: LedgerSpent }
  /** Another owner is asking. */
  | { readonly verdict: 'in_flight'; readonly leaseMs: number }
  /** An earlier call may have been paid for, and its answer is lost. */
  | { readonly verdict: 'unknown'; readonly retryAfterMs: number }
  | { readonly verdict: 'refused'; readonly reason: ClaimRefusal; readonly retryAfterMs: number };

/** A claim that was granted, as its owner names it. */
export interface Grant {
  readonly scope: string;
  /** The first of the claim's keys. */
  readonly key: string;
  readonly owner: string;
}

/** "This is how it ended": the question was sent. Plain data. */
export interface Settlement extends Grant {
  readonly result:
    /** An answer, kept for `ttlMs`. `charged: false` gives the reserved call back. */
    | { readonly kind: 'answered'; readonly answer: LedgerAnswer; readonly ttlMs: number; readonly charged: boolean }
    /** Proven not billed: the reservation is given back. */
    | {
        readonly kind: 'unbilled';
        /** The reply was about this question alone: it says nothing about the account, so a latch may be probed again at once. */
        readonly inconclusive?: boolean;
        /** Refuse this question for so long: the upstream's limit on equal questions. */
        readonly blockMs?: number;
        readonly latch?: { readonly name: LatchName; readonly ms: number };
      }
    /** It may have been billed: the reservation stays, and the question is in doubt for `ttlMs`. */
    | { readonly kind: 'in_doubt'; readonly ttlMs: number };
}

/** Calls that a scope has spent: unknown charges and reservations under way included. */
export interface LedgerSpent {
  readonly callsToday: number;
  readonly callsThisMonth: number;
}

/** The latch of a scope that is closed, if one is. */
export interface LatchState {
  readonly name: LatchName;
  /** When a probe will be let through, in milliseconds since the epoch. */
  readonly until: number;
}

/** Everything of one person that is to be erased in one scope. Each list may be empty. */
export interface ForgetRequest {
  readonly scope: string;
  readonly keys: readonly string[];
  readonly idKeys: readonly string[];
  readonly mobileKeys: readonly string[];
}

/**
 * Where questions are claimed before they are paid for, and settled afterwards. One port in the place of a cache, a
 * lock, a budget and a block list, which would otherwise disagree.
 *
 * `claim`, `settle` and `release` are each one atomic step. Lifetimes go by a clock that only grows (a store's own, or
 * `Clock.monotonic`); the calendar serves budgets alone. An implementation must pass {@link ledgerConformance} of
 * `@identity-verify/nestjs/testing`.
 */
export interface Ledger {
  /**
   * For a ledger in the memory of this process only: a fresh answer, without the price of a claim. Optional; `claim`
   * answers the same.
   */
  peek?(keys: readonly string[], maxAgeMs: number | undefined): LedgerAnswer | undefined;
  claim(request: ClaimRequest): Awaitable<ClaimAnswer>;
  /** Answers false, and changes nothing, when the owner no longer holds the intent. */
  settle(settlement: Settlement): Awaitable<boolean>;
  /**
   * Takes a grant back of which nothing was sent: afterwards everything is as if it had not been claimed. Reservation,
   * subject marks and the latch's probe are given back; a doubt that the grant replaced is there again.
   *
   * Answers false, and changes nothing, when the owner no longer holds the intent.
   */
  release(grant: Grant): Awaitable<boolean>;
  /** Answers how many entries were erased. Spent calls stay counted: they hold no person. */
  forget(request: ForgetRequest): Awaitable<number>;
  spent(scope: string): Awaitable<LedgerSpent>;
  latch(scope: string): Awaitable<LatchState | undefined>;
  /** Opens the latch of a scope. Answers false when none was closed. */
  reopen(scope: string): Awaitable<boolean>;
  /** Every scope that has claimed here, for erasing a person from all of them. */
  scopes(): Awaitable<readonly string[]>;
}

/** A ledger that several processes share; it needs a pepper from the options. */
export interface SharedLedger extends Ledger {
  readonly shared: true;
}
