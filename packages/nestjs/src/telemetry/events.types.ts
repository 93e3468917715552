import type { Billed, Outcome } from '@identity-verify/contract';
import type { ErrorCategory, IdentityVerifyErrorCode } from '../errors/error-codes.data.js';
import type { LatchName } from '../ledger/ledger.port.js';
import type { AnswerSource } from '../verification.types.js';

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

/** The account ran out, or was turned away: the door is closed for everybody in the scope. */
export interface LatchEvent {
  readonly type: 'latch';
  readonly instance: string;
  readonly tenant?: string;
  readonly name: LatchName;
}

/** Everything that an application may want to react to. */
export type IdentityVerifyEvent = AuditEntry | CircuitEvent | LatchEvent;

/** Takes audit entries. It is not waited for; what it throws fails no verification, but is counted and logged. */
export type AuditSink = (entry: AuditEntry) => void | Promise<void>;
