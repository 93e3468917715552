import { DEFAULT_FEN_PER_CALL, ENDPOINT } from '@identity-verify/contract';
import {
  hostName,
  listOf,
  network,
  oneOf,
  optional,
  origin,
  path,
  redisUrl,
  unlessInjected,
  wholeNumber,
  word,
  type SettingRule,
} from './settings.rules.js';

/** An environment variable. */
export interface SettingRow<T> {
  readonly rule: SettingRule<T>;
  /** The default, as text in the environment. */
  readonly byDefault: string;
  readonly meaning: string;
}

const row = <T>(rule: SettingRule<T>, byDefault: string, meaning: string): SettingRow<T> => ({
  rule,
  byDefault,
  meaning,
});

/** The settings of the sample. A test compares this table with the one in the README. */
// prettier-ignore
export const SETTINGS = {
  SAMPLE_HOST: row(word(1), '127.0.0.1', 'Address to listen on.'),
  SAMPLE_PORT: row(unlessInjected(wholeNumber(0, 65_535), '3000'), '3000', 'Port to listen on; 0 takes a free one.'),
  SAMPLE_ALLOWED_HOSTS: row(listOf(hostName), '', 'Hosts under which the application is called, beside loopback: `name` or `name:port`, separated by commas.'),
  SAMPLE_TRUSTED_PROXIES: row(listOf(network), '', 'Proxies whose `X-Forwarded-For` names the client: addresses or networks, separated by commas. Empty: none is believed.'),
  SAMPLE_BODY_LIMIT_BYTES: row(wholeNumber(256, 1_048_576), '4096', 'Longest request body that is read.'),
  SAMPLE_REQUESTS_PER_MINUTE: row(wholeNumber(1, 1_000_000), '120', 'Verifications and enrolments that one address may ask for in a minute.'),
  SAMPLE_DATABASE: row(word(1), ':memory:', 'Where enrolments and the audit trail are kept: `:memory:`, or `file:sample.db`.'),
  SAMPLE_SUBJECT_SECRET: row(optional(word(32)), '', 'Secret under which the subject ids of enrolments are made. Empty: one for this process.'),
  SAMPLE_LOG_LEVEL: row(oneOf('silent', 'error', 'warn', 'info', 'debug'), 'info', 'What is logged, on stdout.'),
  SAMPLE_LOG_FORMAT: row(optional(oneOf('json', 'pretty')), '', 'How it is logged: `json`, one object a line, or `pretty`, for people. Empty: `pretty` on a terminal, otherwise `json`.'),
  IDENTITY_VERIFY_APP_CODE: row(optional(word(8)), '', 'AppCode of a real account. Setting it switches from the mock to the vendor.'),
  IDENTITY_VERIFY_UPSTREAM: row(optional(oneOf('mock', 'real')), '', 'Whether calls are paid: `real` or `mock`. Empty: real when an AppCode is set. Where questions go says nothing about it.'),
  IDENTITY_VERIFY_BASE_URL: row(optional(origin), '', 'Where questions go. Empty: the mock at `http://127.0.0.1:1979`, or the vendor when an AppCode is set.'),
  IDENTITY_VERIFY_LEDGER: row(path, '.data/ledger.db', 'File of the ledger: answers, doubts and spent calls outlive the process. `:memory:` keeps nothing.'),
  REDIS_URL: row(optional(redisUrl), '', 'Redis that keeps the ledger, shared by all processes with the same pepper: `redis://` or `rediss://`. Empty: a file. Excludes `IDENTITY_VERIFY_LEDGER`.'),
  IDENTITY_VERIFY_PEPPER: row(optional(word(32)), '', 'Secret under which ledger keys are made. Empty: made once, in a file beside the ledger (`.data/redis.pepper` with Redis); in memory, one for this process.'),
  IDENTITY_VERIFY_CALLS_PER_DAY: row(wholeNumber(0, 1_000_000), '1000', 'Paid calls a day (Asia/Shanghai).'),
  IDENTITY_VERIFY_FEN_PER_CALL: row(wholeNumber(0, 1_000_000), String(DEFAULT_FEN_PER_CALL), 'Price of a call in fen (1 CNY = 100 fen), for reporting.'),
  LENDING_CALLS_PER_DAY: row(wholeNumber(0, 1_000_000), '200', 'Paid calls a day of the second instance, `lending`.'),
  IDENTITY_VERIFY_SUBJECT_LIMIT: row(wholeNumber(1, 10_000), '5', 'Different identities that may be tried for one ID number, and for one mobile, in a day.'),
  IDENTITY_VERIFY_CIRCUIT_OPEN_MS: row(wholeNumber(1, 3_600_000), '10000', 'Time for which no call is made after the upstream has failed repeatedly, in milliseconds.'),
  IDENTITY_VERIFY_DEADLINE_MS: row(wholeNumber(1, 120_000), '12000', 'Longest that one verification takes, in milliseconds.'),
} as const satisfies Record<string, SettingRow<unknown>>;

/** The parsed settings by name. */
export type Settings = { readonly [K in keyof typeof SETTINGS]: ReturnType<(typeof SETTINGS)[K]['rule']> };

/** The environment is invalid. The message names every invalid variable, but contains no value. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

/** Checks rules that involve more than one setting. */
function upstreamProblem(settings: Settings): string | undefined {
  const { IDENTITY_VERIFY_UPSTREAM: upstream, IDENTITY_VERIFY_APP_CODE: appCode } = settings;
  const { IDENTITY_VERIFY_BASE_URL: baseUrl } = settings;
  if (upstream === 'real' && appCode === undefined) {
    return 'IDENTITY_VERIFY_UPSTREAM is real, so IDENTITY_VERIFY_APP_CODE must be set.';
  }
  const isReal = upstream === 'real' || (upstream === undefined && appCode !== undefined);
  if (!isReal && baseUrl !== undefined && new URL(baseUrl).hostname === ENDPOINT.host) {
    return 'IDENTITY_VERIFY_BASE_URL is the vendor, so the upstream is no mock: set IDENTITY_VERIFY_APP_CODE, and IDENTITY_VERIFY_UPSTREAM to real or to nothing.';
  }
  return undefined;
}

/** The ledger is in one place. Choosing one of two silently could pay again for what the other has. */
function ledgerProblem(environment: Readonly<Record<string, string | undefined>>): string | undefined {
  if (!environment['REDIS_URL']?.trim() || environment['IDENTITY_VERIFY_LEDGER'] === undefined) return undefined;
  return 'REDIS_URL and IDENTITY_VERIFY_LEDGER are both set, and there is one ledger: unset one of them.';
}

/**
 * Reads the settings from an environment.
 *
 * @throws {SettingsError} with every invalid variable, not only the first
 */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const problems: string[] = [];
  const entries = Object.entries(SETTINGS).map(([name, { rule, byDefault }]) => {
    try {
      return [name, rule(environment[name]?.trim() ?? byDefault)];
    } catch (error) {
      problems.push(`${name} ${error instanceof Error ? error.message : 'is wrong'}.`);
      return [name, undefined];
    }
  });
  const settings = Object.fromEntries(entries) as Settings;
  if (problems.length === 0) {
    const contradictions = [upstreamProblem(settings), ledgerProblem(environment)];
    problems.push(...contradictions.filter((each) => each !== undefined));
  }
  if (problems.length > 0) throw new SettingsError(problems.join('\n'));
  return settings;
}
