/**
 * The module, its service and guard, and everything that they take and return.
 *
 * @module @identity-verify/nestjs
 */

export {
  IdentityVerifyModule,
  type IdentityVerifyAsyncOptions,
  type IdentityVerifyOptionsFactory,
  type IdentityVerifyRegistration,
} from './identity-verify.module.js';
export { IdentityVerifyService } from './identity-verify.service.js';
export { IdentityVerifyGuard } from './identity-verify.guard.js';
export { IdentityDeniedException, IdentityUnavailableException } from './identity-verify.exceptions.js';
export { verificationOf, verifiedIdentityOf } from './verified.requests.js';
export {
  InjectIdentityVerify,
  RequireVerifiedIdentity,
  SkipIdentityVerification,
  VerifiedIdentity,
} from './identity-verify.decorators.js';
export { REQUIRE_VERIFIED_IDENTITY, type RequireVerifiedIdentityOptions } from './identity-verify.metadata.js';
export { IdentityVerifyExceptionFilter } from './identity-verify.filter.js';
export { PROBLEM_MEDIA_TYPE, toProblemDetails, type ProblemDetails } from './problem-details/problem-details.js';
export {
  DEFAULT_INSTANCE,
  getIdentityVerifyToken,
  IDENTITY_VERIFY_CLOCK,
  IDENTITY_VERIFY_LEDGER,
  IDENTITY_VERIFY_OPTIONS,
  IDENTITY_VERIFY_TRANSPORT,
} from './identity-verify.tokens.js';
export type { IdentityVerifyHealth, LatchHealth, LedgerHealth, Refusing } from './identity-verify.health.types.js';
export type { AnswerSource, Spending, Verification, VerifyOptions } from './verification/verification.types.js';
export type { BudgetOptions, IdentityVerifyOptions, LatchTimes, Lifetimes } from './options/options.types.js';
export {
  msToNextShanghaiDay,
  msToNextShanghaiMonth,
  shanghaiDay,
  shanghaiMonth,
  systemClock,
  type Clock,
} from './support/clock.js';

export {
  IdentityInputError,
  IdentityRefusalError,
  IdentityTransportError,
  IdentityUpstreamError,
  IdentityVerifyError,
  IdentityVerifyOptionsError,
  isIdentityVerifyError,
  type ErrorDetails,
} from './errors/identity-verify.error.js';
export {
  ERROR_CODES,
  type ErrorCategory,
  type ErrorCodeRow,
  type ErrorFamily,
  type IdentityVerifyErrorCode,
  type InputErrorCode,
  type RaisedErrorCode,
} from './errors/error-codes.data.js';

export { CONSEQUENCES, type CallHealth, type Consequence, type LatchName } from './errors/consequences.data.js';

export {
  checkIdentity,
  REFUSAL_REASONS,
  REFUSAL_REASONS_ZH,
  type CheckedIdentity,
  type Identity,
  type IdentityCheckOptions,
  type RefusalReason,
} from './identity/identity.check.js';
export type { Person } from './identity/person.check.js';
export type { IdNumberReason, MobileReason, NameReason } from './identity/refusal-reasons.data.js';
export {
  checkIdNumber,
  DOCUMENT_KINDS,
  normaliseIdNumber,
  type CheckedIdNumber,
  type DocumentKind,
  type IdNumberRuleOptions,
} from './identity/id-number.rule.js';
export { checkMobile, normaliseMobile } from './identity/mobile.rule.js';
export { checkName, normaliseName } from './identity/name.rule.js';
export type { FieldViolation, IdentityField, RuleResult } from './errors/violation.types.js';

export type {
  Awaitable,
  CallBudget,
  ClaimAnswer,
  ClaimRefusal,
  ClaimRequest,
  ForgetRequest,
  Grant,
  LatchState,
  Ledger,
  LedgerAnswer,
  LedgerSpent,
  Settlement,
  SharedLedger,
  SubjectLimit,
} from './ledger/ledger.port.js';
export { LedgerHolders } from './ledger/ledger.holders.js';
export { MemoryLedger, type MemoryLedgerOptions } from './ledger/memory.ledger.js';
export type { StoreState } from './ledger/store.breaker.js';
export type { Pepper } from './ledger/ledger.keys.js';

export { HttpServiceTransport, type HttpServiceTransportOptions } from './transport/http-service.transport.js';
export { UndiciTransport, type UndiciTransportOptions } from './transport/undici.transport.js';
export {
  WireFailure,
  type UpstreamTransport,
  type WireFailureReason,
  type WirePhase,
  type WireReply,
  type WireRequest,
} from './upstream/transport.port.js';
export type { CallLimiterOptions } from './upstream/call.limiter.js';
export type { CircuitBreakerOptions, CircuitState } from './upstream/circuit.breaker.js';
export type { TenantAccount, TenantDirectoryOptions, TenantResolver } from './accounts/tenant.directory.js';
export type {
  AnsweredEvent,
  AttemptFacts,
  AuditEntry,
  AuditSink,
  BudgetEvent,
  CircuitEvent,
  EventSink,
  FailedEvent,
  IdentityVerifyEvent,
  LatchEvent,
  Phase,
  QuestionFacts,
  StoreEvent,
} from './telemetry/events.types.js';
export { ATTRIBUTES, TELEMETRY } from './telemetry/telemetry.names.js';
export type { CodeOverride } from './upstream/code.table.js';
export type { Credentials, SecretSource } from './accounts/credentials.js';
export type { RetryOptions } from './upstream/retry.policy.js';
export type { Billed, Outcome, Retry, UpstreamErrorCategory } from '@identity-verify/contract';
