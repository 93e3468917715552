import type { Billed } from '@identity-verify/contract';
import type { DecisionStage } from './journal.types.js';

/** Which calls are meant. Every field that is given must agree; none given means every call. */
export interface CallMatcher {
  /** Plain text: compared by fingerprint, so that it works on a masked journal. */
  readonly name?: string;
  /** Plain text, compared by fingerprint. */
  readonly idCard?: string;
  /** Plain text, compared by fingerprint. */
  readonly mobile?: string;
  /** Id or alias of the scenario that was played. */
  readonly scenario?: string;
  readonly decidedBy?: DecisionStage;
  /** Response code of the vendor. */
  readonly code?: string;
  readonly billed?: Billed;
}

/** How often: exactly so many times, or within bounds. */
export type Times = number | { readonly atLeast?: number; readonly atMost?: number };

/** The calls that a test expects in the journal. */
export interface JournalExpectation {
  /** @default every call */
  readonly match?: CallMatcher;
  /** @default `{ atLeast: 1 }`, or anything when `inOrder` is given */
  readonly times?: Times;
  /** These calls, in this order; others may lie between them. */
  readonly inOrder?: readonly CallMatcher[];
  /**
   * How long to wait for calls that are still on their way, in milliseconds. An expectation with a lower bound ends as
   * soon as it is met; one with only an upper bound (`0`, `atMost`) waits to the end, since only then is it proven.
   * @default 0
   */
  readonly waitMs?: number;
}

/** One field in which an entry is not what was expected. Personal fields are masked. */
export interface FieldDifference {
  readonly field: string;
  readonly expected: string;
  readonly actual: string;
}

/** An entry that almost agrees. */
export interface NearMiss {
  /** Index of the journal entry. */
  readonly index: number;
  readonly differences: readonly FieldDifference[];
}

/** The result of comparing the journal with a {@link JournalExpectation}. */
export interface JournalVerdict {
  readonly ok: boolean;
  /** How many entries agree with `match`. */
  readonly count: number;
  /** What was expected and what was found, in one sentence. */
  readonly message: string;
  /** Up to three entries that come closest; empty when `ok`. */
  readonly nearest: readonly NearMiss[];
}

/** The expectation is not met. */
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

/** The journal does not hold what it takes to tell: neither a pass nor a failure would be true. */
export class JournalIncompleteError extends Error {
  override readonly name = 'JournalIncompleteError';
}
