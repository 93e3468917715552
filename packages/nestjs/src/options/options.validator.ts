import { IdentityVerifyOptionsError } from '../errors/identity-verify.error.js';
import { readCredentials } from '../accounts/account.rules.js';
import { DEFAULTS } from './options.defaults.js';
import { isLoopback } from '../support/loopback.js';
import { copyData, readGroup, readOnce, refuseBroken, refuseUnknown, type Given } from '../support/value.reader.js';
import { DATA, GROUPS, RULES, SUBJECT_LIMIT } from './options.table.js';
import type { IdentityVerifyOptions } from './options.types.js';

const KNOWN = ['credentials', 'subjectLimit', ...Object.keys(GROUPS), ...Object.keys(RULES)];
/** Nest needs these before a factory runs, so a factory cannot return them. */
const REGISTRATION = ['name', 'isGlobal'];

/**
 * Checks the options when the application starts.
 *
 * @returns a frozen copy, so that the values used are the values checked
 * @throws {IdentityVerifyOptionsError} with path, rule and remedy of the first invalid option, and never its value
 */
export function validateOptions(options: unknown): IdentityVerifyOptions {
  const given = readOnce('', options, [...REGISTRATION, ...KNOWN], refuse);
  for (const name of REGISTRATION) {
    if (Object.hasOwn(given, name))
      throw refuse('`name` and `isGlobal`', 'stand beside useFactory, not in what it returns');
  }
  return validated(given);
}

/**
 * The same for options together with the name of their instance.
 *
 * @throws {IdentityVerifyOptionsError} as {@link validateOptions}
 */
export function validateRegistration(given: unknown): {
  readonly name: unknown;
  readonly isGlobal: unknown;
  readonly options: IdentityVerifyOptions;
} {
  const { name, isGlobal, ...options } = readOnce('', given, [...REGISTRATION, ...KNOWN], refuse);
  return { name, isGlobal, options: validated(options) };
}

function validated(given: Given): IdentityVerifyOptions {
  given['credentials'] = readCredentials('credentials', given['credentials'], refuse);
  const { subjectLimit } = given;
  if (subjectLimit !== undefined && subjectLimit !== false) {
    given['subjectLimit'] = readGroup('subjectLimit', subjectLimit, SUBJECT_LIMIT, refuse);
  }
  for (const [group, rules] of Object.entries(GROUPS)) {
    if (given[group] !== undefined) given[group] = readGroup(group, given[group], rules, refuse);
  }
  for (const name of DATA) if (given[name] !== undefined) given[name] = copyData(name, given[name], refuse);
  refuseUnknown('', given, KNOWN, refuse);
  refuseBroken('', given, RULES, refuse);
  const options = Object.freeze(given) as unknown as IdentityVerifyOptions;
  checkTogether(options);
  return options;
}

function checkTogether(options: IdentityVerifyOptions): void {
  const url = new URL(options.baseUrl ?? DEFAULTS.baseUrl);
  if (url.protocol === 'http:' && !isLoopback(url.hostname) && options.allowInsecureHttp !== true) {
    throw refuse(
      'baseUrl',
      'must be https, because http sends credentials and identities in plain text; set `allowInsecureHttp` if that is intended',
    );
  }
  const { deadlineMs = DEFAULTS.deadlineMs, attemptTimeoutMs = 0, minAttemptMs = 0 } = options;
  if (attemptTimeoutMs > deadlineMs) throw refuse('attemptTimeoutMs', 'must not be longer than `deadlineMs`');
  if (minAttemptMs >= deadlineMs) throw refuse('minAttemptMs', 'must be shorter than `deadlineMs`');
  if (isShared(options.ledger) && options.pepper === undefined) {
    throw refuse(
      'pepper',
      'is required with a shared ledger: without it, other processes cannot find the entries of this one',
    );
  }
  if (options.onStoreFailure === 'local') {
    if (!isShared(options.ledger))
      throw refuse(
        'onStoreFailure',
        "'local' needs a shared ledger, such as that on Redis: no other has a store that fails alone",
      );
    if (options.instances === undefined) {
      throw refuse(
        'instances',
        "is required with onStoreFailure: 'local': the largest number of processes that share the store at the same time",
      );
    }
  }
}

function isShared(ledger: IdentityVerifyOptions['ledger']): boolean {
  try {
    return ledger !== undefined && 'shared' in ledger && ledger.shared;
  } catch {
    throw refuse('ledger', 'cannot be read');
  }
}

function refuse(path: string, rule: string): IdentityVerifyOptionsError {
  return new IdentityVerifyOptionsError('IDV_OPTIONS_INVALID', { detail: `${path === '' ? 'options' : path} ${rule}` });
}
