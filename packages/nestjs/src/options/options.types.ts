import type { Clock } from '../support/clock.js';
import type { DocumentKind } from '../identity/id-number.rule.js';
import type { CallBudget, Ledger, SharedLedger, SubjectLimit } from '../ledger/ledger.port.js';
import type { Pepper } from '../ledger/ledger.keys.js';
import type { CallLimiterOptions } from '../upstream/call.limiter.js';
import type { CircuitBreakerOptions } from '../upstream/circuit.breaker.js';
import type { CodeOverride } from '../upstream/code.table.js';
import type { Credentials } from '../accounts/credentials.js';
import type { RetryOptions } from '../upstream/retry.policy.js';
import type { AuditSink, EventSink } from '../telemetry/events.types.js';
import type { TenantDirectoryOptions, TenantResolver } from '../accounts/tenant.directory.js';
import type { UpstreamTransport } from '../upstream/transport.port.js';

/** How long answers are kept, in milliseconds. Each lifetime varies by ±10 %. 0 keeps nothing. */
export interface Lifetimes {
  /** @default 86_400_000 (24 h) */
  readonly matchMs?: number | undefined;
  /** @default 600_000 (10 min) */
  readonly mismatchMs?: number | undefined;
  /** @default 300_000 (5 min) */
  readonly noRecordMs?: number | undefined;
  /** @default 60_000 */
  readonly indeterminateMs?: number | undefined;
  /** Time for which a question stays in doubt after a call that may have been paid for. @default 60_000 */
  readonly unknownMs?: number | undefined;
  /** Time for which a question is refused after the upstream's same-parameter limit. @default 3_600_000 (1 h) */
  readonly sameParameterBlockMs?: number | undefined;
}

/** Time for which a closed latch refuses every call of the account, before one call probes it. */
export interface LatchTimes {
  /** After "balance or calls used up", in milliseconds. @default 300_000 (5 min) */
  readonly quotaMs?: number | undefined;
  /** After "credentials or access refused", in milliseconds. @default 60_000 */
  readonly accessMs?: number | undefined;
}

/** Limits on paid calls, and their price. */
export interface BudgetOptions extends CallBudget {
  /** Price of a call in fen (1 CNY = 100 fen), for reporting. @default 42, the most expensive package */
  readonly fenPerCall?: number | undefined;
}

/** The options of one instance of the module. */
export interface IdentityVerifyOptions {
  /** The account: an AppCode, an AppKey with its secret, or a key. Strings, or functions for rotation. */
  readonly credentials: Credentials;
  /**
   * Scheme and host of the upstream. http only for loopback, or with `allowInsecureHttp`.
   * @default 'https://sjsys.market.alicloudapi.com'
   */
  readonly baseUrl?: string | undefined;
  /** Allows plain text to a host other than this machine, including credentials and identities. @default false */
  readonly allowInsecureHttp?: boolean | undefined;
  /** Declares the host a mock, which may receive test mobiles. @default true for loopback, false otherwise */
  readonly upstreamIsMock?: boolean | undefined;
  /** Maximum duration of one `verify`, including waits and retries, in milliseconds. @default 12_000 */
  readonly deadlineMs?: number | undefined;
  /**
   * Maximum duration of one attempt, in milliseconds. A short timeout costs money: the gateway waits up to 30 s, and an
   * abandoned call may be billed. @default 10_000
   */
  readonly attemptTimeoutMs?: number | undefined;
  /**
   * Time that must be left until the deadline for an attempt to begin, in milliseconds. A question that waited longer,
   * for the ledger or in the queue, is refused unsent (`IDV_TIMEOUT`, `billed: 'no'`): its answer would come too late,
   * and be paid for. Never more than a twentieth of `deadlineMs` by default. @default 500
   */
  readonly minAttemptMs?: number | undefined;
  /** Retries of calls that are proven unbilled. */
  readonly retry?: RetryOptions | undefined;
  readonly limiter?: CallLimiterOptions | undefined;
  readonly breaker?: CircuitBreakerOptions | undefined;
  readonly lifetimes?: Lifetimes | undefined;
  readonly latches?: LatchTimes | undefined;
  /** @default no limit on calls */
  readonly budget?: BudgetOptions | undefined;
  /**
   * Maximum number of different triples for one ID number and for one mobile; `false` for no limit.
   * @default { perIdNumber: 5, perMobile: 5, windowMs: 86_400_000 }
   */
  readonly subjectLimit?: SubjectLimit | false | undefined;
  /**
   * Secrets that key the ledger's entries. The first writes; the others read entries written before a rotation.
   * @default one for this process, which a shared ledger refuses
   */
  readonly pepper?: string | readonly Pepper[] | undefined;
  /** @default every kind of document with an 18-character number */
  readonly acceptedDocuments?: readonly DocumentKind[] | undefined;
  /** Response codes to replace or add, by code. */
  readonly codes?: Readonly<Record<string, CodeOverride>> | undefined;
  /** Media types of replies that are read. @default ['application/json', 'text/json'] */
  readonly replyContentTypes?: readonly string[] | undefined;
  /** The store in which questions are claimed. @default in memory, for this process alone */
  readonly ledger?: Ledger | SharedLedger | undefined;
  /** Maximum number of answers, and of open questions, in memory. @default 100_000 */
  readonly ledgerEntries?: number | undefined;
  /** Maximum duration of a call to the ledger, in milliseconds. @default 50 */
  readonly ledgerTimeoutMs?: number | undefined;
  /**
   * What happens to questions while the store of a shared ledger is unavailable. `refuse`: they are refused. `local`: they
   * are answered from the memory of this process, which may pay for its share of each budget; a question may be paid for
   * once by each instance. Requires `instances`. @default 'refuse'
   */
  readonly onStoreFailure?: 'refuse' | 'local' | undefined;
  /**
   * Maximum number of processes that share the store at the same time, also during a rolling deployment. A number that is
   * too low overruns the budget. Required with `onStoreFailure: 'local'`, and otherwise without effect.
   * @default 1
   */
  readonly instances?: number | undefined;
  /** Resolves the account of a tenant. Required if `verify` is called with `tenant`. */
  readonly tenants?: TenantResolver | undefined;
  readonly tenantCache?: TenantDirectoryOptions | undefined;
  /**
   * Receives an entry for every question, without the identity. A verification does not wait for it; a shutdown does.
   * If it throws or rejects, the failure is counted and logged, and no verification fails.
   */
  readonly audit?: AuditSink | undefined;
  /** Receives every question, and each change of the circuit, a latch or a budget. The terms of `audit` apply. */
  readonly onEvent?: EventSink | undefined;
  /**
   * Minimum time that the guard takes to deny a request, in milliseconds, so that its duration does not reveal whether
   * the outcome is mismatch, no record or indeterminate. @default 0
   */
  readonly denialFloorMs?: number | undefined;
  /** Maximum time that a shutdown waits for calls under way, in milliseconds. @default `deadlineMs` + 500 */
  readonly drainMs?: number | undefined;
  /** Sends the requests. @default HttpService of @nestjs/axios, hardened */
  readonly transport?: UpstreamTransport | undefined;
  /** @default the machine's clock */
  readonly clock?: Clock | undefined;
  /** Returns a number in [0, 1). @default Math.random */
  readonly random?: (() => number) | undefined;
}
