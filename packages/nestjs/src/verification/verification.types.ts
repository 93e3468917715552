import type { Billed, Outcome } from '@identity-verify/contract';
import type { AnswerSource } from '../telemetry/events.types.js';

export type { AnswerSource };

/** The answer to "do this name, ID number and mobile belong to one person?". Contains none of the three. */
export interface Verification {
  /** Only `match` means yes. */
  readonly outcome: Outcome;
  /** The upstream's code. `10000` means only that the call succeeded. */
  readonly code: string;
  /** The cost of this question. An answer from the ledger, or from the call of an equal question, costs nothing. */
  readonly billed: Billed;
  readonly source: AnswerSource;
  /** Time of the upstream's answer. */
  readonly answeredAt: Date;
  /** The vendor's id of the call. */
  readonly seqNo?: string;
  /** The gateway's id of the call. */
  readonly requestId?: string;
}

/** Options of one question. */
export interface VerifyOptions {
  /** Maximum age of a kept answer, in milliseconds; 0 forces a fresh, paid one. @default its lifetime */
  readonly maxAgeMs?: number | undefined;
  /** Ends this wait. A call that was already sent continues, because it is paid for, and settles in the ledger. */
  readonly signal?: AbortSignal | undefined;
  /**
   * The tenant whose account is used and whose budget counts; resolved by the option `tenants`. @default the instance's
   */
  readonly tenant?: string | undefined;
  /** Purpose of the question, for the audit trail. Must not contain personal data. */
  readonly purpose?: string | undefined;
  /** Reference to the person's consent, for the audit trail. Must not contain personal data. */
  readonly consentRef?: string | undefined;
  /** Ask again even if an earlier call may have been paid for and its answer is lost. @default false */
  readonly repeatInDoubt?: boolean | undefined;
}

/** The calls that an instance has spent in a period of Asia/Shanghai. */
export interface Spending {
  /** Calls that were or may have been paid for. */
  readonly calls: number;
  readonly cny: number;
  /** Calls left in the budget; undefined if there is no limit. */
  readonly callsLeft?: number;
}
