import type { Clock } from '../support/clock.js';
import type { Complete } from '../support/complete.types.js';
import { defined } from '../support/defined.js';
import type { DocumentKind } from '../identity/id-number.rule.js';
import type { Pepper } from '../ledger/ledger.keys.js';
import type { CallBudget, SubjectLimit } from '../ledger/ledger.port.js';
import type { ResolvedLimiterOptions } from '../upstream/call.limiter.js';
import { DEFAULTS } from './options.defaults.js';
import { isLoopback } from '../support/loopback.js';
import type { IdentityVerifyOptions } from './options.types.js';
import { validateOptions, validateRegistration } from './options.validator.js';

type Group = 'retry' | 'breaker' | 'lifetimes' | 'latches' | 'tenantCache';
/** Options without a default. If one is absent, its feature is off. */
type Sink = 'ledger' | 'tenants' | 'audit' | 'onEvent' | 'transport';

/** The options of an instance, with every default applied. */
export interface ResolvedOptions
  extends
    Pick<IdentityVerifyOptions, 'credentials' | Sink>,
    Complete<
      Pick<
        IdentityVerifyOptions,
        | 'baseUrl'
        | 'allowInsecureHttp'
        | 'upstreamIsMock'
        | 'deadlineMs'
        | 'attemptTimeoutMs'
        | 'minAttemptMs'
        | 'codes'
        | 'replyContentTypes'
        | 'ledgerEntries'
        | 'ledgerTimeoutMs'
        | 'onStoreFailure'
        | 'instances'
        | 'denialFloorMs'
        | 'drainMs'
        | 'random'
      >
    >,
    Readonly<{ [K in Group]: Complete<NonNullable<IdentityVerifyOptions[K]>> }> {
  readonly limiter: ResolvedLimiterOptions;
  readonly budget: CallBudget & { readonly fenPerCall: number };
  /** Undefined if the application wants no limit. */
  readonly subjectLimit: SubjectLimit | undefined;
  /** Undefined if the process makes its own. */
  readonly pepper: readonly Pepper[] | undefined;
  readonly acceptedDocuments: readonly DocumentKind[];
  readonly clock: Clock;
}

/** Applies every default. No other place does, so each option has one default. */
export function resolveOptions(options: IdentityVerifyOptions): ResolvedOptions {
  const { deadlineMs = DEFAULTS.deadlineMs, baseUrl = DEFAULTS.baseUrl, subjectLimit, pepper } = options;
  return Object.freeze({
    ...DEFAULTS,
    upstreamIsMock: isLoopback(new URL(baseUrl).hostname),
    ...defined(options),
    deadlineMs,
    baseUrl,
    attemptTimeoutMs: options.attemptTimeoutMs ?? DEFAULTS.attemptTimeoutMs(deadlineMs),
    minAttemptMs: options.minAttemptMs ?? DEFAULTS.minAttemptMs(deadlineMs),
    drainMs: options.drainMs ?? DEFAULTS.drainMs(deadlineMs),
    retry: { ...DEFAULTS.retry, ...defined(options.retry) },
    limiter: { ...DEFAULTS.limiter, ...defined(options.limiter) },
    breaker: { ...DEFAULTS.breaker, ...defined(options.breaker) },
    lifetimes: { ...DEFAULTS.lifetimes, ...defined(options.lifetimes) },
    latches: { ...DEFAULTS.latches, ...defined(options.latches) },
    budget: { ...DEFAULTS.budget, ...defined(options.budget) },
    tenantCache: { ...DEFAULTS.tenantCache, ...defined(options.tenantCache) },
    subjectLimit: subjectLimit === false ? undefined : (subjectLimit ?? DEFAULTS.subjectLimit),
    pepper: typeof pepper === 'string' ? [{ kid: '1', secret: pepper }] : pepper,
  });
}

/**
 * Checks the options when the application starts, and applies the defaults.
 *
 * @throws {IdentityVerifyOptionsError} as {@link validateOptions}
 */
export function readOptions(options: unknown): ResolvedOptions {
  return resolveOptions(validateOptions(options));
}

/** The same for options together with the name of their instance. */
export function readRegistration(given: unknown): {
  readonly name: unknown;
  readonly isGlobal: unknown;
  readonly options: ResolvedOptions;
} {
  const { options, ...registration } = validateRegistration(given);
  return { ...registration, options: resolveOptions(options) };
}
