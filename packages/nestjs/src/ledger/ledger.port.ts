import type { Billed, Outcome } from '@identity-verify/contract';

/** A value, or a promise of it: the ledger in memory answers at once. */
export type Awaitable<T> = T | Promise<T>;

/** What is kept of an answer. Never a name, a number or a mobile. */
export interface LedgerAnswer {
  readonly outcome: Outcome;
  /** The upstream's code. */
  readonly code: string;
  readonly billed: Billed;
  readonly seqNo?: string;
  readonly requestId?: string;
  /** When the answer came, in milliseconds since the epoch. */
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
  readonly callsPerDay?: number;
  readonly callsPerMonth?: number;
}

/** "May I ask this?" Plain data, so that a store can decide it in one atomic step. */
export interface ClaimRequest {
  /** Whose budget and whose latches: one per instance and tenant. */
  readonly scope: string;
  /** Keys of the question: the one under the current pepper first, then those under older peppers. */
  readonly keys: readonly string[];
  /** Key of the ID number, for the subject limit and for `forget`. */
  readonly idKey: string;
  /** Key of the mobile. */
  readonly mobileKey: string;
  /** Unique per claim. Only the owner may settle. */
  readonly owner: string;
  /** How long the intent lives before its owner counts as dead. Longer than the total deadline. */
  readonly leaseMs: number;
  /** How long an unanswered intent is held to be in doubt, after its lease. */
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
   * The intent is written and one call reserved. The owner must settle. `probe`: the one call let through a latch.
   * `spent`: what the scope has spent, this call included; left out where it would cost a round trip.
   */
  | { readonly verdict: 'granted'; readonly probe: boolean; readonly spent?: LedgerSpent }
  /** Somebody else is asking. */
  | { readonly verdict: 'in_flight'; readonly leaseMs: number }
  /** An earlier call may have been paid for, and its answer is lost. */
  | { readonly verdict: 'unknown'; readonly retryAfterMs: number }
  | { readonly verdict: 'refused'; readonly reason: ClaimRefusal; readonly retryAfterMs: number };

/** Which door a latch closes: the account ran out, or the account was turned away. */
export type LatchName = 'quota' | 'access';

/** "This is how it ended." Plain data. */
export interface Settlement {
  readonly scope: string;
  readonly key: string;
  readonly owner: string;
  readonly result:
    /** An answer, kept for `ttlMs`. `charged: false` gives the reserved call back. */
    | { readonly kind: 'answered'; readonly answer: LedgerAnswer; readonly ttlMs: number; readonly charged: boolean }
    /** Proven not billed: the reservation is given back. */
    | {
        readonly kind: 'unbilled';
        /** Refuse this question for so long: the upstream's limit on equal questions. */
        readonly blockMs?: number;
        readonly latch?: { readonly name: LatchName; readonly ms: number };
      }
    /** It may have been billed: the reservation stays, and the question is in doubt for `ttlMs`. */
    | { readonly kind: 'in_doubt'; readonly ttlMs: number };
}

/** What a scope has spent, unknown charges included, reservations under way included. */
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

/** Everything that belongs to one person and is to be erased. */
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
 * `claim` and `settle` are each one atomic step. An implementation must pass {@link ledgerConformance} of
 * `@identity-verify/nestjs/testing`.
 */
export interface Ledger {
  claim(request: ClaimRequest): Awaitable<ClaimAnswer>;
  /** Answers false, and changes nothing, when the owner no longer holds the intent. */
  settle(settlement: Settlement): Awaitable<boolean>;
  /** Answers how many entries were erased. Spent calls stay counted: they hold no person. */
  forget(request: ForgetRequest): Awaitable<number>;
  spent(scope: string): Awaitable<LedgerSpent>;
  latch(scope: string): Awaitable<LatchState | undefined>;
  /** Reopens the latch of the scope, so that the next claim meets none. Answers whether one was closed. */
  reopen?(scope: string): Awaitable<boolean>;
}

/** Whether a ledger is shared by several processes; such a one needs a pepper from the options. */
export interface SharedLedger extends Ledger {
  readonly shared: true;
}
