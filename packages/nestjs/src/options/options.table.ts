import { OUTCOMES, SUCCESS_CODE, type Billed, type Retry } from '@identity-verify/contract';
import { CONSEQUENCES, isRepeatable } from '../errors/consequences.data.js';
import { DOCUMENT_KINDS } from '../identity/id-number.rule.js';
import { BUDGET_LIMITS } from '../accounts/account.rules.js';
import {
  aFunction,
  boolean,
  integer,
  isObject,
  listOf,
  methods,
  number,
  optional,
  required,
  type Rules,
} from '../support/value.rules.js';
import type { IdentityVerifyOptions } from './options.types.js';

const YEAR_MS = 31_536_000_000;
const lifetime = integer(0, YEAR_MS);

/** Options without sub-options. */
export const RULES: Rules<
  Omit<
    IdentityVerifyOptions,
    | 'credentials'
    | 'retry'
    | 'limiter'
    | 'breaker'
    | 'lifetimes'
    | 'latches'
    | 'budget'
    | 'tenantCache'
    | 'subjectLimit'
  >
> = {
  baseUrl: optional((value) =>
    typeof value === 'string' && isOrigin(value) ? undefined : 'must be http(s)://host[:port] and nothing else',
  ),
  allowInsecureHttp: boolean,
  upstreamIsMock: boolean,
  deadlineMs: integer(1, 120_000),
  attemptTimeoutMs: integer(1, 120_000),
  minAttemptMs: integer(0, 120_000),
  ledgerTimeoutMs: integer(1, 10_000),
  onStoreFailure: optional((value) =>
    value === 'refuse' || value === 'local' ? undefined : "must be 'refuse' or 'local'",
  ),
  instances: integer(1, 10_000),
  ledgerEntries: integer(1, 10_000_000),
  pepper: optional((value) =>
    isPepperSecret(value) ||
    (Array.isArray(value) &&
      value.length > 0 &&
      value.every(isPepper) &&
      new Set(value.map(({ kid }) => kid)).size === value.length)
      ? undefined
      : 'must be at least 32 characters, or a list of { kid, secret } with different kids of 1 to 16 letters, digits, - or _ and secrets of at least 32 characters (try: openssl rand -base64 32)',
  ),
  acceptedDocuments: listOf(DOCUMENT_KINDS.join(' | '), (kind) =>
    (DOCUMENT_KINDS as readonly unknown[]).includes(kind),
  ),
  codes: optional((value) =>
    isObject(value) && Object.entries(value).every(isCodeOverride)
      ? undefined
      : 'must map response codes other than 10000 to a verdict whose outcome is not a match',
  ),
  replyContentTypes: listOf(
    'media types in lower case',
    (type) => typeof type === 'string' && /^[a-z0-9.+-]+\/[a-z0-9.+-]+$/.test(type),
  ),
  ledger: methods('claim', 'settle', 'release', 'forget', 'spent', 'latch', 'reopen', 'scopes'),
  transport: methods('send'),
  clock: methods('now', 'monotonic', 'schedule'),
  random: aFunction,
  tenants: aFunction,
  audit: aFunction,
  onEvent: aFunction,
  denialFloorMs: integer(0, 60_000),
  drainMs: integer(0, 600_000),
};

/** Options whose lists and objects are copied, because the application could change them after the check. */
export const DATA = [
  'pepper',
  'acceptedDocuments',
  'codes',
  'replyContentTypes',
] as const satisfies (keyof typeof RULES)[];

/** Options with sub-options. */
export const GROUPS: {
  readonly [K in 'retry' | 'limiter' | 'breaker' | 'lifetimes' | 'latches' | 'budget' | 'tenantCache']: Rules<
    NonNullable<IdentityVerifyOptions[K]>
  >;
} = {
  retry: { max: integer(0, 2), baseMs: number(0, 10_000), capMs: number(0, 10_000), ratio: number(0, 1) },
  limiter: { concurrency: integer(1, 10_000), queue: integer(0, 100_000), callsPerSecond: number(0.001, 100_000) },
  breaker: { failures: integer(1, 10_000), openMs: integer(1, 3_600_000) },
  lifetimes: {
    matchMs: lifetime,
    mismatchMs: lifetime,
    noRecordMs: lifetime,
    indeterminateMs: lifetime,
    unknownMs: integer(1, YEAR_MS),
    sameParameterBlockMs: lifetime,
  },
  latches: { quotaMs: integer(1, 86_400_000), accessMs: integer(1, 86_400_000) },
  tenantCache: { max: integer(1, 1_000_000), ttlMs: integer(0, 86_400_000) },
  budget: { ...BUDGET_LIMITS, fenPerCall: integer(0, 1_000_000) },
};

/** The only group whose sub-options are all required. */
export const SUBJECT_LIMIT: Rules<Exclude<NonNullable<IdentityVerifyOptions['subjectLimit']>, false>> = {
  perIdNumber: required(integer(1, 10_000)),
  perMobile: required(integer(1, 10_000)),
  windowMs: required(integer(1_000, YEAR_MS)),
};

function isOrigin(value: string): boolean {
  try {
    const url = new URL(value);
    return (
      /^https?:$/.test(url.protocol) &&
      url.pathname === '/' &&
      !url.search &&
      !url.hash &&
      !url.username &&
      !url.password
    );
  } catch {
    return false;
  }
}

function isPepperSecret(value: unknown): boolean {
  return typeof value === 'string' && value.length >= 32;
}

function isPepper(value: unknown): boolean {
  return (
    isObject(value) &&
    typeof value['kid'] === 'string' &&
    /^[\w-]{1,16}$/.test(value['kid']) &&
    isPepperSecret(value['secret'])
  );
}

const RETRIES: readonly Retry[] = ['never', 'days_later', 'not_today', 'safe', 're_sign', 'ambiguous'];
const BILLED: readonly Billed[] = ['yes', 'no', 'unknown'];

function isCodeOverride([code, value]: [string, unknown]): boolean {
  if (code === SUCCESS_CODE || !isObject(value)) return false;
  const { kind, outcome, category, retry, billed, httpStatus } = value;
  const means =
    kind === 'answer'
      ? outcome !== 'match' && isOneOf(OUTCOMES, outcome)
      : kind === 'error' && typeof category === 'string' && Object.hasOwn(CONSEQUENCES, category);
  // A repeatable code must be unbilled. Otherwise a row of the options could make the client pay twice.
  const isSafe = billed === 'no' || !isRepeatable(retry as Retry, 'no');
  return means && isOneOf(RETRIES, retry) && isOneOf(BILLED, billed) && isSafe && isHttpStatus(httpStatus);
}

function isOneOf(list: readonly string[], value: unknown): boolean {
  return typeof value === 'string' && list.includes(value);
}

function isHttpStatus(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 200 && value <= 599;
}
