import type { LatchName } from '../errors/consequences.data.js';
import type { Billed, Outcome } from '@identity-verify/contract';
import type { StoreState } from '../ledger/store.breaker.js';
import type { WirePhase } from '../upstream/transport.port.js';
import type { ErrorCategory, IdentityVerifyErrorCode } from '../errors/error-codes.data.js';

/**
 * The source of an answer: a call that this question made, the ledger, or the call of an equal question that was under
 * way.
 */
export type AnswerSource = 'upstream' | 'ledger' | 'joined';

/** The phases of a question whose durations are measured. */
export type Phase = 'check' | 'claim' | 'call' | 'settle';

/** One attempt of a call. A call has several if a failure that is proven unbilled was repeated. */
export interface AttemptFacts {
  /** Start, in milliseconds since the start of the question. The wait before a repetition is the gap between two. */
  readonly startMs: number;
  readonly durationMs: number;
  /** `reply` for a whole reply; otherwise the phase in which the exchange broke. `unsent`: nothing left this process. */
  readonly reached: 'reply' | WirePhase;
  /** The cost of this attempt. Count `unknown` as paid. */
  readonly billed: Billed;
  /** The code of the reply (`10017`), or the id of the gateway row. */
  readonly upstreamCode?: string;
  /** Absent if the attempt was answered. */
  readonly errorCode?: IdentityVerifyErrorCode;
}

/** Facts about a question, with or without an answer. Never a name, a number, a mobile or a credential. */
export interface QuestionFacts {
  /** Name of the instance. */
  readonly instance: string;
  readonly tenant?: string;
  /** The purpose that the caller passed. */
  readonly purpose?: string;
  /** The reference to the person's consent that the caller passed. */
  readonly consentRef?: string;
  /** Start of the question. */
  readonly at: Date;
  readonly durationMs: number;
  /** Duration of each phase that the question reached, in milliseconds. */
  readonly phases: Readonly<Partial<Record<Phase, number>>>;
  /** The attempts of the call that this question made, in order. Absent if it made none. */
  readonly attempts?: readonly AttemptFacts[];
  /** The cost of this question. Count `unknown` as paid. */
  readonly billed: Billed;
  /** The price in fen (1 CNY = 100 fen), including unknown charges. */
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

/** A question without an answer. */
export interface FailedEvent extends QuestionFacts {
  readonly type: 'failed';
  readonly errorCode: IdentityVerifyErrorCode;
  readonly category: ErrorCategory;
  readonly upstreamCode?: string;
}

/** An entry of the audit trail: one per question. */
export type AuditEntry = AnsweredEvent | FailedEvent;

/** The circuit opened or closed. */
export interface CircuitEvent {
  readonly type: 'circuit';
  readonly instance: string;
  readonly state: 'open' | 'closed';
}

/**
 * A latch closed, because the upstream refused the account: no call of the scope is made. Or the latch reopened, after
 * an answer or `reopen()`. Each process reports each change that it sees once.
 */
export interface LatchEvent {
  readonly type: 'latch';
  readonly instance: string;
  readonly tenant?: string;
  readonly name: LatchName;
  readonly state: 'closed' | 'reopened';
  /** The upstream's code that closed it (`10009`), or the id of the gateway row. Absent when it reopened. */
  readonly upstreamCode?: string;
}

/** A budget passed 80 % or 100 %. Each process reports it once per period. Periods are those of Asia/Shanghai. */
export interface BudgetEvent {
  readonly type: 'budget';
  readonly instance: string;
  readonly tenant?: string;
  readonly period: 'day' | 'month';
  readonly percent: 80 | 100;
  /** Maximum number of paid calls in the period. */
  readonly limit: number;
  /** Calls that count against the limit, including those under way. Absent if the ledger does not return them. */
  readonly calls?: number;
}

/**
 * The shared store of the ledger became unavailable after three failures in a row, or available again. Each process
 * reports each change that it sees once.
 */
export interface StoreEvent {
  readonly type: 'store';
  readonly instance: string;
  readonly state: StoreState;
  /** What happens to questions while it is unavailable: the option of that name. */
  readonly onStoreFailure: 'refuse' | 'local';
}

/** Every event that an application can handle. */
export type IdentityVerifyEvent = AuditEntry | CircuitEvent | LatchEvent | BudgetEvent | StoreEvent;

/**
 * Receives audit entries. A verification does not wait for it; a shutdown does. If it throws or rejects, the failure is
 * counted and logged, and no verification fails.
 */
export type AuditSink = (entry: AuditEntry) => void | PromiseLike<void>;

/** Receives events. The terms of {@link AuditSink} apply. */
export type EventSink = (event: IdentityVerifyEvent) => void | PromiseLike<void>;
