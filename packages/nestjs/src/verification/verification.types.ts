import type { Billed, Outcome } from '@identity-verify/contract';
import type { AnswerSource } from '../telemetry/events.types.js';

export type { AnswerSource };

/** The answer to "do this name, ID number and mobile belong to one person?". Holds none of the three. */
export interface Verification {
  /** Only `match` says yes. */
  readonly outcome: Outcome;
  /** The upstream's code; `10000` says only that the call worked. */
  readonly code: string;
  /** What this question cost: an answer from the ledger, or from somebody else's call, costs nothing. */
  readonly billed: Billed;
  readonly source: AnswerSource;
  /** When the upstream gave the answer. */
  readonly answeredAt: Date;
  /** The vendor's number of the call. */
  readonly seqNo?: string;
  /** The gateway's number of the call. */
  readonly requestId?: string;
}

/** How one question is to be asked. */
export interface VerifyOptions {
  /** An answer older than this many milliseconds is not taken; 0 forces a fresh, paid one. @default its lifetime */
  readonly maxAgeMs?: number | undefined;
  /** Ends this wait. A call that was already sent goes on, because it is paid for, and settles in the ledger. */
  readonly signal?: AbortSignal | undefined;
  /** Whose account is asked with, and whose budget counts; resolved by the option `tenants`. @default the instance's */
  readonly tenant?: string | undefined;
  /** Why is asked, for the audit trail. Not a person's data. */
  readonly purpose?: string | undefined;
  /** Where the person's consent is on record, for the audit trail. Not a person's data. */
  readonly consentRef?: string | undefined;
  /** Ask again although an earlier call may have been paid for and its answer is lost. @default false */
  readonly repeatInDoubt?: boolean | undefined;
}

/** What an instance has spent; periods are those of Asia/Shanghai. */
export interface Spending {
  /** Calls that were, or may have been, paid for. */
  readonly calls: number;
  readonly cny: number;
  /** Calls left of the budget; undefined when there is no limit. */
  readonly callsLeft?: number;
}
