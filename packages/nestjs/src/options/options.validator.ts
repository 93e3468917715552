import { OUTCOMES, SUCCESS_CODE, type Billed, type Retry } from '@identity-verify/contract';
import { CODE_OF_CATEGORY } from '../errors/error-codes.data.js';
import { IdentityVerifyOptionsError } from '../errors/identity-verify.error.js';
import { DOCUMENT_KINDS } from '../identity/id-number.rule.js';
import { CREDENTIAL_PATTERN } from '../upstream/credentials.js';
import { DEFAULTS, isLoopback } from './options.defaults.js';
import type { IdentityVerifyOptions } from './options.types.js';

/** A rule: undefined when the value is good, otherwise what is required. It never repeats the value. */
type Rule = (value: unknown) => string | undefined;
type Rules<T> = { readonly [K in keyof Required<T>]: Rule };

const optional =
  (rule: Rule): Rule =>
  (value) =>
    value === undefined ? undefined : rule(value);
const integer = (min: number, max: number): Rule =>
  optional((value) =>
    typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max
      ? undefined
      : `must be a whole number from ${min} to ${max}`,
  );
const number = (min: number, max: number): Rule =>
  optional((value) =>
    typeof value === 'number' && value >= min && value <= max ? undefined : `must be a number from ${min} to ${max}`,
  );
const boolean: Rule = optional((value) => (typeof value === 'boolean' ? undefined : 'must be true or false'));
const methods = (...names: string[]): Rule =>
  optional((value) =>
    isObject(value) && names.every((name) => typeof value[name] === 'function')
      ? undefined
      : `must be an object with the methods ${names.join(', ')}`,
  );
const listOf = (what: string, accepts: (item: unknown) => boolean): Rule =>
  optional((value) =>
    Array.isArray(value) && value.length > 0 && value.every(accepts)
      ? undefined
      : `must be a list of ${what}, not empty`,
  );

const aFunction: Rule = optional((value) => (typeof value === 'function' ? undefined : 'must be a function'));

const YEAR_MS = 31_536_000_000;
const lifetime = integer(0, YEAR_MS);

const secret: Rule = (value) =>
  typeof value === 'function' || (typeof value === 'string' && CREDENTIAL_PATTERN.test(value))
    ? undefined
    : 'must be 1 to 512 printable ASCII characters without spaces or line breaks, or a function that returns them';

const RULES: Rules<
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
  ledgerTimeoutMs: integer(1, 10_000),
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
  ledger: methods('claim', 'settle', 'forget', 'spent', 'latch'),
  transport: methods('send'),
  clock: methods('now', 'schedule'),
  random: aFunction,
  tenants: aFunction,
  audit: aFunction,
  onEvent: aFunction,
  denialFloorMs: integer(0, 60_000),
  drainMs: integer(0, 600_000),
};

const GROUPS: {
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
  budget: { callsPerDay: integer(0, 1e9), callsPerMonth: integer(0, 1e9), fenPerCall: integer(0, 1_000_000) },
};

const SUBJECT_LIMIT: Rules<Exclude<NonNullable<IdentityVerifyOptions['subjectLimit']>, false>> = {
  perIdNumber: required(integer(1, 10_000)),
  perMobile: required(integer(1, 10_000)),
  windowMs: required(integer(1_000, YEAR_MS)),
};

/**
 * Checks the options when the application starts.
 *
 * @throws {IdentityVerifyOptionsError} naming path, rule and remedy of the first option that is wrong; never its value
 */
export function validateOptions(options: unknown): asserts options is IdentityVerifyOptions {
  if (!isObject(options)) throw refuse('options', 'must be an object');
  const { credentials, subjectLimit, ...rest } = options;
  checkCredentials(credentials);
  if (subjectLimit !== undefined && subjectLimit !== false) check('subjectLimit', subjectLimit, SUBJECT_LIMIT);
  for (const [group, rules] of Object.entries(GROUPS)) {
    if (rest[group] !== undefined) check(group, rest[group], rules);
    delete rest[group];
  }
  check('', rest, RULES);
  checkTogether(options as unknown as IdentityVerifyOptions);
}

function checkCredentials(credentials: unknown): void {
  const shapes = [['appCode'], ['appKey', 'appSecret'], ['key']];
  const shape = isObject(credentials) && shapes.find((names) => sameNames(names, Object.keys(credentials)));
  if (!isObject(credentials) || !shape)
    throw refuse('credentials', 'must be one of { appCode }, { appKey, appSecret } and { key }');
  for (const name of shape) {
    const broken = secret(credentials[name]);
    if (broken) throw refuse(`credentials.${name}`, broken);
  }
}

function checkTogether(options: IdentityVerifyOptions): void {
  const url = new URL(options.baseUrl ?? DEFAULTS.baseUrl);
  if (url.protocol === 'http:' && !isLoopback(url.hostname) && options.allowInsecureHttp !== true) {
    throw refuse(
      'baseUrl',
      'must be https, because credentials and identities would travel in plain text; set `allowInsecureHttp` if that is intended',
    );
  }
  const { deadlineMs = DEFAULTS.deadlineMs, attemptTimeoutMs = Math.min(DEFAULTS.attemptTimeoutMs, deadlineMs) } =
    options;
  if (attemptTimeoutMs > deadlineMs) throw refuse('attemptTimeoutMs', 'must not be longer than `deadlineMs`');
  const shared = options.ledger !== undefined && 'shared' in options.ledger && options.ledger.shared;
  if (shared && options.pepper === undefined) {
    throw refuse(
      'pepper',
      'is required with a shared ledger: without one, other instances could not find what this one wrote',
    );
  }
}

function check(path: string, value: unknown, rules: Readonly<Record<string, Rule>>): void {
  if (!isObject(value)) throw refuse(path, 'must be an object');
  for (const name of Object.keys(value)) {
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
    const at = path === '' ? name : `${path}.${name}`;
    if (!rule) throw refuse(at, `is not an option; there are ${Object.keys(rules).join(', ')}`);
  }
  for (const [name, rule] of Object.entries(rules)) {
    const broken = rule(value[name]);
    if (broken) throw refuse(path === '' ? name : `${path}.${name}`, broken);
  }
}

function required(rule: Rule): Rule {
  return (value) => (value === undefined ? 'is missing' : rule(value));
}

function refuse(path: string, rule: string): IdentityVerifyOptionsError {
  return new IdentityVerifyOptionsError('IDV_OPTIONS_INVALID', { detail: `${path} ${rule}` });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function sameNames(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name) => b.includes(name));
}

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
      : kind === 'error' && typeof category === 'string' && Object.hasOwn(CODE_OF_CATEGORY, category);
  // What may be repeated must be unbilled: otherwise a row of the options could make the client pay twice.
  const repeats = retry === 'safe' || retry === 're_sign';
  return (
    means &&
    isOneOf(RETRIES, retry) &&
    isOneOf(BILLED, billed) &&
    (!repeats || billed === 'no') &&
    isHttpStatus(httpStatus)
  );
}

function isOneOf(list: readonly string[], value: unknown): boolean {
  return typeof value === 'string' && list.includes(value);
}

function isHttpStatus(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 200 && value <= 599;
}
