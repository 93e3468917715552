import { IdentityVerifyOptionsError } from '../errors/identity-verify.error.js';
import { brokenCredential } from '../upstream/credentials.js';
import { DEFAULTS, isLoopback } from './options.defaults.js';
import { isObject, type Rule } from './options.rules.js';
import { GROUPS, RULES, SUBJECT_LIMIT } from './options.table.js';
import type { IdentityVerifyOptions } from './options.types.js';

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
  const broken = brokenCredential(credentials);
  if (broken === undefined) return;
  if (broken === '') throw refuse('credentials', 'must be one of { appCode }, { appKey, appSecret } and { key }');
  throw refuse(
    `credentials.${broken}`,
    'must be 1 to 512 printable ASCII characters without spaces or line breaks, or a function that returns them',
  );
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

function refuse(path: string, rule: string): IdentityVerifyOptionsError {
  return new IdentityVerifyOptionsError('IDV_OPTIONS_INVALID', { detail: `${path} ${rule}` });
}
