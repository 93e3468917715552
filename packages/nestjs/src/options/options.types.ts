import type { Clock } from '../clock.js';
import type { DocumentKind } from '../identity/id-number.rule.js';
import type { CallBudget, Ledger, SharedLedger, SubjectLimit } from '../ledger/ledger.port.js';
import type { Pepper } from '../ledger/ledger.keys.js';
import type { CallLimiterOptions } from '../upstream/call.limiter.js';
import type { CircuitBreakerOptions } from '../upstream/circuit.breaker.js';
import type { CodeOverride } from '../upstream/code.table.js';
import type { Credentials } from '../upstream/credentials.js';
import type { RetryOptions } from '../upstream/retry.policy.js';
import type { AuditSink, EventSink } from '../telemetry/events.types.js';
import type { TenantDirectoryOptions, TenantResolver } from '../upstream/tenant.directory.js';
import type { UpstreamTransport } from '../upstream/transport.port.js';

/** How long answers are kept, in milliseconds; each is varied by ±10 %. 0 keeps nothing. */
export interface Lifetimes {
  /** @default 86_400_000 (24 h) */
  readonly matchMs?: number;
  /** @default 600_000 (10 min) */
  readonly mismatchMs?: number;
  /** @default 300_000 (5 min) */
  readonly noRecordMs?: number;
  /** @default 60_000 */
  readonly indeterminateMs?: number;
  /** How long a question stays in doubt after a call that may have been paid for. @default 60_000 */
  readonly unknownMs?: number;
  /** How long a question is not asked again after the upstream's same-parameter limit. @default 3_600_000 (1 h) */
  readonly sameParameterBlockMs?: number;
}

/** How long the door stays closed for everybody after such a refusal, before one call probes it. */
export interface LatchTimes {
  /** After "balance or calls used up", in milliseconds. @default 300_000 (5 min) */
  readonly quotaMs?: number;
  /** After "credentials or access refused", in milliseconds. @default 60_000 */
  readonly accessMs?: number;
}

/** What paid calls may be made. */
export interface BudgetOptions extends CallBudget {
  /** Price of a call in fen (1 CNY = 100 fen), for reporting. @default 42, the dearest package */
  readonly fenPerCall?: number;
}

/** The options of one instance of the module. */
export interface IdentityVerifyOptions {
  /** The account: an AppCode, an AppKey with its secret, or a key. Strings, or functions for rotation. */
  readonly credentials: Credentials;
  /**
   * Scheme and host of the upstream. http only for loopback, or with `allowInsecureHttp`.
   * @default 'https://sjsys.market.alicloudapi.com'
   */
  readonly baseUrl?: string;
  /** Send credentials and identities in plain text to a host that is not this one. @default false */
  readonly allowInsecureHttp?: boolean;
  /** The host is a mock, so test mobiles may be sent to it. @default true for loopback, false otherwise */
  readonly upstreamIsMock?: boolean;
  /** Longest that one `verify` takes, waiting and retries included, in milliseconds. @default 12_000 */
  readonly deadlineMs?: number;
  /**
   * Longest that one attempt takes, in milliseconds. Too short costs money: a call that is given up may be billed,
   * and the gateway waits up to 30 s. @default 10_000
   */
  readonly attemptTimeoutMs?: number;
  /** Repetition of calls that are proven unbilled. */
  readonly retry?: RetryOptions;
  readonly limiter?: CallLimiterOptions;
  readonly breaker?: CircuitBreakerOptions;
  readonly lifetimes?: Lifetimes;
  readonly latches?: LatchTimes;
  /** @default no limit on calls */
  readonly budget?: BudgetOptions;
  /**
   * How many different triples may be tried for one ID number and for one mobile; `false` for no limit.
   * @default { perIdNumber: 5, perMobile: 5, windowMs: 86_400_000 }
   */
  readonly subjectLimit?: SubjectLimit | false;
  /**
   * Secrets under which ledger keys are made: the first writes, the others read what was written before a rotation.
   * @default one for this process, which a shared ledger refuses
   */
  readonly pepper?: string | readonly Pepper[];
  /** @default every kind of document with an 18-character number */
  readonly acceptedDocuments?: readonly DocumentKind[];
  /** Response codes replaced or added, by code. */
  readonly codes?: Readonly<Record<string, CodeOverride>>;
  /** Media types under which a reply is read. @default ['application/json', 'text/json'] */
  readonly replyContentTypes?: readonly string[];
  /** Where questions are claimed. @default in memory, for this process alone */
  readonly ledger?: Ledger | SharedLedger;
  /** Most answers and open questions kept in memory. @default 100_000 */
  readonly ledgerEntries?: number;
  /** Longest that a call to the ledger may take, in milliseconds. @default 50 */
  readonly ledgerTimeoutMs?: number;
  /** Resolves the account of a tenant; needed by whoever passes `tenant` to `verify`. */
  readonly tenants?: TenantResolver;
  readonly tenantCache?: TenantDirectoryOptions;
  /**
   * Takes an entry for every question, without the identity. A verification does not wait for it, a shutdown does. What
   * it throws, or rejects with, fails no verification: it is counted and logged.
   */
  readonly audit?: AuditSink;
  /** Takes every question, and each change of the circuit, of a latch and of a budget; on the same terms as `audit`. */
  readonly onEvent?: EventSink;
  /**
   * Shortest time after which the guard turns a request away, in milliseconds, so that mismatch, no record and
   * indeterminate cannot be told apart by how long they take. @default 0
   */
  readonly denialFloorMs?: number;
  /** Longest that a shutdown waits for calls under way, in milliseconds. @default `deadlineMs` + 500 */
  readonly drainMs?: number;
  /** What carries requests. @default HttpService of @nestjs/axios, hardened */
  readonly transport?: UpstreamTransport;
  /** @default the machine's clock */
  readonly clock?: Clock;
  /** A number in [0, 1). @default Math.random */
  readonly random?: () => number;
}
