import type { Billed } from '@identity-verify/contract';
import type { DecisionStage } from './journal.types.js';

/** Selects journal entries. All given fields must match; without any, every call matches. */
export interface CallMatcher {
  /** Plain text. It is compared by fingerprint, so it also matches masked entries. */
  readonly name?: string;
  /** Plain text, compared by fingerprint. */
  readonly idCard?: string;
  /** Plain text, compared by fingerprint. */
  readonly mobile?: string;
  /** Id or alias of the played scenario. */
  readonly scenario?: string;
  readonly decidedBy?: DecisionStage;
  /** Response code of the vendor. */
  readonly code?: string;
  readonly billed?: Billed;
}

/** The expected number of calls: exact, or a range. */
export type Times = number | { readonly atLeast?: number; readonly atMost?: number };

/** The calls that a test expects in the journal. */
export interface JournalExpectation {
  /** @default every call */
  readonly match?: CallMatcher;
  /** @default `{ atLeast: 1 }`, or anything when `inOrder` is given */
  readonly times?: Times;
  /** Calls that must occur in this order. Other calls may occur between them. */
  readonly inOrder?: readonly CallMatcher[];
  /**
   * Time to wait for outstanding calls, in milliseconds. An expectation with a lower bound returns as soon as it is
   * met. One with only an upper bound (`0`, `atMost`) waits for the whole time.
   * @default 0
   */
  readonly waitMs?: number;
}

/** A field that differs from the expectation. Personal fields are masked. */
export interface FieldDifference {
  readonly field: string;
  readonly expected: string;
  readonly actual: string;
}

/** An entry that almost matches. */
export interface NearMiss {
  /** Index of the journal entry. */
  readonly index: number;
  readonly differences: readonly FieldDifference[];
}

/** The result of comparing the journal with a {@link JournalExpectation}. */
export interface JournalVerdict {
  readonly ok: boolean;
  /** Number of entries that match `match`. */
  readonly count: number;
  /** The expected and the actual calls, in one sentence. */
  readonly message: string;
  /** Up to three closest entries; empty if `ok` is true. */
  readonly nearest: readonly NearMiss[];
}

/** The journal does not meet the expectation. */
export class MockVerificationError extends Error {
  override readonly name = 'MockVerificationError';
  readonly result: JournalVerdict;

  constructor(result: JournalVerdict) {
    const misses = result.nearest.map(
      (miss) =>
        `\n  nearest: call ${miss.index} differs in ` +
        miss.differences.map((d) => `${d.field} (expected ${d.expected}, was ${d.actual})`).join(', '),
    );
    super(result.message + misses.join(''));
    this.result = result;
  }
}

/** The journal has lost entries, so the result is unknown. */
export class JournalIncompleteError extends Error {
  override readonly name = 'JournalIncompleteError';
}
