import { realLookingReason } from '../scenario/population.js';
import type { MockServerOptions } from './mock-options.types.js';

/** The options are invalid. The message names the option and the remedy, never a secret. */
export class MockOptionsError extends Error {
  override readonly name = 'MockOptionsError';
}

const LOOPBACK = /^(?:127(?:\.\d{1,3}){3}|::1|localhost)$/;

/** Returns true if an address is reachable from this machine only. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host);
}

const wholeNumber = (least: number, most: number) => (value: unknown) =>
  Number.isInteger(value) && Number(value) >= least && Number(value) <= most
    ? undefined
    : `must be a whole number from ${least} to ${most}`;

const oneOf =
  (...values: readonly string[]) =>
  (value: unknown) =>
    values.includes(String(value)) ? undefined : `must be one of ${values.join(', ')}`;

const CREDENTIAL = /^[\x21-\x7e]{1,128}$/;
const credential = (value: unknown) =>
  typeof value === 'string' && CREDENTIAL.test(value)
    ? undefined
    : 'must be 1 to 128 printable ASCII characters, no blanks';

const successHeader = (value: unknown) =>
  typeof value === 'boolean' || (typeof value === 'string' && value.trim() !== '' && value.length <= 256)
    ? undefined
    : 'must be true, false or a text of 1 to 256 characters';

const webAddress = (value: unknown) =>
  typeof value === 'string' && URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)
    ? undefined
    : 'must be an address that begins with http:// or https://';

/** The rules by option. An option without a rule is a boolean, string or function, which its type covers. */
const RULES: { readonly [K in keyof MockServerOptions]?: (value: unknown) => string | undefined } = {
  port: wholeNumber(0, 65_535),
  journal: oneOf('masked', 'off', 'raw'),
  journalSize: wholeNumber(1, 1_000_000),
  maxNamespaces: wholeNumber(1, 1_000_000),
  fenPerCall: wholeNumber(0, 1_000_000),
  defaultAnswer: oneOf('match', 'mismatch', 'no-record'),
  successHeader,
  signatureEcho: oneOf('masked', 'off', 'raw'),
  adminToken: credential,
  applicationUrl: webAddress,
};

/**
 * Validates all options.
 *
 * @param environment usually `process.env`
 * @throws MockOptionsError for the first invalid option
 */
export function checkOptions(
  options: MockServerOptions,
  environment: Readonly<Record<string, string | undefined>>,
): void {
  for (const [name, rule] of Object.entries(RULES)) {
    const value = options[name as keyof MockServerOptions];
    const problem = value === undefined ? undefined : rule(value);
    if (problem) throw new MockOptionsError(`${name} ${problem}.`);
  }
  for (const [index, code] of (options.appCodes ?? []).entries()) {
    const problem = credential(code);
    if (problem) throw new MockOptionsError(`appCodes[${index}] ${problem}.`);
  }
  for (const [index, { appKey, appSecret }] of (options.apps ?? []).entries()) {
    const problem = credential(appKey) ?? credential(appSecret);
    if (problem) throw new MockOptionsError(`apps[${index}]: appKey and appSecret ${problem}.`);
  }
  for (const [index, { idCard, mobile }] of (options.people ?? []).entries()) {
    const reason = options.allowRealLooking ? undefined : realLookingReason(idCard, mobile);
    if (reason) throw new MockOptionsError(`people[${index}] is refused, because ${reason}.`);
  }
  if (options.journal === 'raw' && !options.allowRawJournal) {
    throw new MockOptionsError(
      'A raw journal holds people in plain text. Confirm it with allowRawJournal, or use "masked".',
    );
  }
  if (environment['NODE_ENV'] === 'production' && !options.allowProduction) {
    throw new MockOptionsError(
      'NODE_ENV is production. A mock that answers "match" has no place there; allowProduction starts it all the same.',
    );
  }
  if (options.host !== undefined && !isLoopback(options.host) && options.adminToken === undefined) {
    throw new MockOptionsError(`host ${options.host} can be reached from elsewhere, so it needs an adminToken.`);
  }
}
