import type { LatchName } from '../errors/consequences.data.js';
import type { Billed, Outcome } from '@identity-verify/contract';
import type { ErrorCategory, IdentityVerifyErrorCode } from '../errors/error-codes.data.js';

/**
 * Where an answer came from: a call that this very question caused, the ledger, or a call that another question for
 * the same identity had caused and that was still under way.
 */
export type AnswerSource = 'upstream' | 'ledger' | 'joined';

/** The stations of a question at which time is measured. */
export type Phase = 'check' | 'claim' | 'call' | 'settle';

/** What is known of every question, however it ended. No name, no number, no mobile, no credential. */
export interface QuestionFacts {
  /** Name of the instance. */
  readonly instance: string;
  readonly tenant?: string;
  /** Why was asked, as the caller put it. */
  readonly purpose?: string;
  /** Where the person's consent is on record, as the caller put it. */
  readonly consentRef?: string;
  /** When it began. */
  readonly at: Date;
  readonly durationMs: number;
  /** How long it spent at each station that it came to, in milliseconds. */
  readonly phases: Readonly<Partial<Record<Phase, number>>>;
  /** What this question cost; `unknown` is to be counted as paid. */
  readonly billed: Billed;
  /** The price, in fen (1 CNY = 100 fen); unknown charges included. */
  readonly fen: number;
  readonly seqNo?: string;
  readonly requestId?: string;
}

/** A question that was answered. */
export interface AnsweredEvent extends QuestionFacts {
  readonly type: 'answered';
  readonly outcome: Outcome;
  readonly code: string;
  readonly source: AnswerSource;
}

/** A question that got no answer. */
export interface FailedEvent extends QuestionFacts {
  readonly type: 'failed';
  readonly errorCode: IdentityVerifyErrorCode;
  readonly category: ErrorCategory;
  readonly upstreamCode?: string;
}

/** An entry for the audit trail: one a question. */
export type AuditEntry = AnsweredEvent | FailedEvent;

/** The circuit opened, or closed again. */
export interface CircuitEvent {
  readonly type: 'circuit';
  readonly instance: string;
  readonly state: 'open' | 'closed';
}

/**
 * The upstream refused the account, so a latch closed: nobody in the scope is asked for. Or the latch reopened: an answer
 * came, or `reopen()` was called. Reported once for each change that this process sees.
 */
export interface LatchEvent {
  readonly type: 'latch';
  readonly instance: string;
  readonly tenant?: string;
  readonly name: LatchName;
  readonly state: 'closed' | 'reopened';
  /** The upstream's code that closed it (`10009`), or the id of the gateway row; absent when it reopened. */
  readonly upstreamCode?: string;
}

/** A budget passed 80 % or 100 %. Reported by each process once for a period; periods are those of Asia/Shanghai. */
export interface BudgetEvent {
  readonly type: 'budget';
  readonly instance: string;
  readonly tenant?: string;
  readonly period: 'day' | 'month';
  readonly percent: 80 | 100;
  /** Calls that may be paid for in the period. */
  readonly limit: number;
  /** Calls that count against it, those under way included; absent when the ledger does not say. */
  readonly calls?: number;
}

/** Everything that an application may want to react to. */
export type IdentityVerifyEvent = AuditEntry | CircuitEvent | LatchEvent | BudgetEvent;

/**
 * Takes audit entries. A verification does not wait for it; a shutdown does. When it throws or rejects, the failure is
 * counted and logged, and no verification fails.
 */
export type AuditSink = (entry: AuditEntry) => void | PromiseLike<void>;

/** Takes events, on the same terms as {@link AuditSink}. */
export type EventSink = (event: IdentityVerifyEvent) => void | PromiseLike<void>;
