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

/** How long answers are kept, in milliseconds; each is varied by ±10 %. 0 keeps nothing. */
export interface Lifetimes {
  /** @default 86_400_000 (24 h) */
  readonly matchMs?: number | undefined;
  /** @default 600_000 (10 min) */
  readonly mismatchMs?: number | undefined;
  /** @default 300_000 (5 min) */
  readonly noRecordMs?: number | undefined;
  /** @default 60_000 */
  readonly indeterminateMs?: number | undefined;
  /** How long a question stays in doubt after a call that may have been paid for. @default 60_000 */
  readonly unknownMs?: number | undefined;
  /** How long a question is not asked again after the upstream's same-parameter limit. @default 3_600_000 (1 h) */
  readonly sameParameterBlockMs?: number | undefined;
}

/** How long the door stays closed for everybody after such a refusal, before one call probes it. */
export interface LatchTimes {
  /** After "balance or calls used up", in milliseconds. @default 300_000 (5 min) */
  readonly quotaMs?: number | undefined;
  /** After "credentials or access refused", in milliseconds. @default 60_000 */
  readonly accessMs?: number | undefined;
}

/** What paid calls may be made. */
export interface BudgetOptions extends CallBudget {
  /** Price of a call in fen (1 CNY = 100 fen), for reporting. @default 42, the dearest package */
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
  /** Send credentials and identities in plain text to a host that is not this one. @default false */
  readonly allowInsecureHttp?: boolean | undefined;
  /** The host is a mock, so test mobiles may be sent to it. @default true for loopback, false otherwise */
  readonly upstreamIsMock?: boolean | undefined;
  /** Longest that one `verify` takes, waiting and retries included, in milliseconds. @default 12_000 */
  readonly deadlineMs?: number | undefined;
  /**
   * Longest that one attempt takes, in milliseconds. Too short costs money: a call that is given up may be billed,
   * and the gateway waits up to 30 s. @default 10_000
   */
  readonly attemptTimeoutMs?: number | undefined;
  /** Repetition of calls that are proven unbilled. */
  readonly retry?: RetryOptions | undefined;
  readonly limiter?: CallLimiterOptions | undefined;
  readonly breaker?: CircuitBreakerOptions | undefined;
  readonly lifetimes?: Lifetimes | undefined;
  readonly latches?: LatchTimes | undefined;
  /** @default no limit on calls */
  readonly budget?: BudgetOptions | undefined;
  /**
   * How many different triples may be tried for one ID number and for one mobile; `false` for no limit.
   * @default { perIdNumber: 5, perMobile: 5, windowMs: 86_400_000 }
   */
  readonly subjectLimit?: SubjectLimit | false | undefined;
  /**
   * Secrets under which ledger keys are made: the first writes, the others read what was written before a rotation.
   * @default one for this process, which a shared ledger refuses
   */
  readonly pepper?: string | readonly Pepper[] | undefined;
  /** @default every kind of document with an 18-character number */
  readonly acceptedDocuments?: readonly DocumentKind[] | undefined;
  /** Response codes replaced or added, by code. */
  readonly codes?: Readonly<Record<string, CodeOverride>> | undefined;
  /** Media types under which a reply is read. @default ['application/json', 'text/json'] */
  readonly replyContentTypes?: readonly string[] | undefined;
  /** Where questions are claimed. @default in memory, for this process alone */
  readonly ledger?: Ledger | SharedLedger | undefined;
  /** Most answers and open questions kept in memory. @default 100_000 */
  readonly ledgerEntries?: number | undefined;
  /** Longest that a call to the ledger may take, in milliseconds. @default 50 */
  readonly ledgerTimeoutMs?: number | undefined;
  /** Resolves the account of a tenant; needed by whoever passes `tenant` to `verify`. */
  readonly tenants?: TenantResolver | undefined;
  readonly tenantCache?: TenantDirectoryOptions | undefined;
  /**
   * Takes an entry for every question, without the identity. A verification does not wait for it, a shutdown does. What
   * it throws, or rejects with, fails no verification: it is counted and logged.
   */
  readonly audit?: AuditSink | undefined;
  /** Takes every question, and each change of the circuit, of a latch and of a budget; on the same terms as `audit`. */
  readonly onEvent?: EventSink | undefined;
  /**
   * Shortest time after which the guard turns a request away, in milliseconds, so that mismatch, no record and
   * indeterminate cannot be told apart by how long they take. @default 0
   */
  readonly denialFloorMs?: number | undefined;
  /** Longest that a shutdown waits for calls under way, in milliseconds. @default `deadlineMs` + 500 */
  readonly drainMs?: number | undefined;
  /** What carries requests. @default HttpService of @nestjs/axios, hardened */
  readonly transport?: UpstreamTransport | undefined;
  /** @default the machine's clock */
  readonly clock?: Clock | undefined;
  /** A number in [0, 1). @default Math.random */
  readonly random?: (() => number) | undefined;
}
