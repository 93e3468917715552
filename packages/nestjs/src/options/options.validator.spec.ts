import { MemoryLedger } from '../ledger/memory.ledger.js';
import { describe, expect, it } from '@jest/globals';
import { IdentityVerifyOptionsError } from '../errors/identity-verify.error.js';
import { validateOptions } from './options.validator.js';

const good = { credentials: { appCode: 'an-app-code' } };
const messageOf = (options: unknown): string => {
  try {
    validateOptions(options);
  } catch (error) {
    expect(error).toBeInstanceOf(IdentityVerifyOptionsError);
    return (error as Error).message;
  }
  return 'accepted';
};
const long = 'x'.repeat(32);

describe('validateOptions', () => {
  it.each([
    [good],
    [{ credentials: { appKey: 'k', appSecret: () => 's' } }],
    [{ credentials: { key: async () => 'k' } }],
    [{ ...good, baseUrl: 'http://127.0.0.1:1979' }],
    [{ ...good, baseUrl: 'http://localhost:1979/' }],
    [{ ...good, baseUrl: 'http://[::1]:1979' }],
    [{ ...good, baseUrl: 'https://vendor.example' }],
    [{ ...good, baseUrl: 'http://vendor.example', allowInsecureHttp: true }],
    [{ ...good, subjectLimit: false }],
    [{ ...good, subjectLimit: { perIdNumber: 1, perMobile: 1, windowMs: 1_000 } }],
    [{ ...good, pepper: long }],
    [
      {
        ...good,
        pepper: [
          { kid: 'a', secret: long },
          { kid: 'b', secret: long },
        ],
      },
    ],
    [{ ...good, deadlineMs: 500 }],
    [
      {
        ...good,
        codes: { '10044': { kind: 'answer', outcome: 'no_record', retry: 'never', billed: 'no', httpStatus: 200 } },
      },
    ],
    [{ ...good, budget: { callsPerDay: 0 } }],
    [{ ...good, retry: {}, limiter: {}, breaker: {}, lifetimes: {}, latches: {}, budget: {} }],
  ])('accepts %j', (options) => {
    expect(messageOf(options)).toBe('accepted');
  });

  it.each([
    [undefined, 'options must be an object'],
    ['x', 'options must be an object'],
    [{}, 'credentials must be one of'],
    [{ credentials: {} }, 'credentials must be one of'],
    [{ credentials: { appCode: 'a', key: 'b' } }, 'credentials must be one of'],
    [{ credentials: { appKey: 'a' } }, 'credentials must be one of'],
    [{ credentials: { appCode: '' } }, 'credentials.appCode must be'],
    [{ credentials: { appCode: 7 } }, 'credentials.appCode must be'],
    [{ credentials: { appCode: 'secret\r\nX-Evil: 1' } }, 'credentials.appCode must be'],
    [{ credentials: { appCode: 'secret with blanks' } }, 'credentials.appCode must be'],
    [{ credentials: { appKey: 'a', appSecret: 'sécret' } }, 'credentials.appSecret must be'],
    [{ ...good, baseUrl: 7 }, 'baseUrl must be http(s)'],
    [{ ...good, baseUrl: 'vendor.example' }, 'baseUrl must be http(s)'],
    [{ ...good, baseUrl: 'ftp://vendor.example' }, 'baseUrl must be http(s)'],
    [{ ...good, baseUrl: 'https://vendor.example/path' }, 'baseUrl must be http(s)'],
    [{ ...good, baseUrl: 'https://user:pass@vendor.example' }, 'baseUrl must be http(s)'],
    [{ ...good, baseUrl: 'https://vendor.example?x=1' }, 'baseUrl must be http(s)'],
    [{ ...good, baseUrl: 'http://vendor.example' }, 'baseUrl must be https'],
    [{ ...good, baseUrl: 'http://127.0.0.1.vendor.example' }, 'baseUrl must be https'],
    [{ ...good, allowInsecureHttp: 'yes' }, 'allowInsecureHttp must be true or false'],
    [{ ...good, upstreamIsMock: 1 }, 'upstreamIsMock must be true or false'],
    [{ ...good, deadlineMs: 0 }, 'deadlineMs must be a whole number'],
    [{ ...good, deadlineMs: Infinity }, 'deadlineMs must be a whole number'],
    [{ ...good, deadlineMs: '1000' }, 'deadlineMs must be a whole number'],
    [{ ...good, attemptTimeoutMs: 1.5 }, 'attemptTimeoutMs must be a whole number'],
    [{ ...good, deadlineMs: 100, attemptTimeoutMs: 101 }, 'attemptTimeoutMs must not be longer'],
    [{ ...good, deadlineMs: 100, minAttemptMs: 100 }, 'minAttemptMs must be shorter than `deadlineMs`'],
    [{ ...good, retry: 3 }, 'retry must be an object'],
    [{ ...good, retry: { max: 3 } }, 'retry.max must be a whole number from 0 to 2'],
    [{ ...good, retry: { baseMs: -1 } }, 'retry.baseMs'],
    [{ ...good, retry: { capMs: 'x' } }, 'retry.capMs'],
    [{ ...good, retry: { ratio: 2 } }, 'retry.ratio'],
    [{ ...good, limiter: { concurrency: 0 } }, 'limiter.concurrency'],
    [{ ...good, limiter: { queue: -1 } }, 'limiter.queue'],
    [{ ...good, limiter: { callsPerSecond: 0 } }, 'limiter.callsPerSecond'],
    [{ ...good, breaker: { failures: 0 } }, 'breaker.failures'],
    [{ ...good, breaker: { openMs: 0 } }, 'breaker.openMs'],
    ...['matchMs', 'mismatchMs', 'noRecordMs', 'indeterminateMs', 'unknownMs', 'sameParameterBlockMs'].map(
      (name) => [{ ...good, lifetimes: { [name]: -1 } }, `lifetimes.${name} must be`] as [unknown, string],
    ),
    [{ ...good, latches: { quotaMs: 0 } }, 'latches.quotaMs'],
    [{ ...good, latches: { accessMs: null } }, 'latches.accessMs'],
    [{ ...good, budget: { callsPerDay: -1 } }, 'budget.callsPerDay'],
    [{ ...good, budget: { callsPerMonth: 1.5 } }, 'budget.callsPerMonth'],
    [{ ...good, budget: { fenPerCall: 0.42 } }, 'budget.fenPerCall'],
    [
      { ...good, budget: { daily: 5 } },
      'budget.daily is not an option; the options are callsPerDay, callsPerMonth, fenPerCall',
    ],
    [{ ...good, subjectLimit: true }, 'subjectLimit must be an object'],
    [{ ...good, subjectLimit: { perIdNumber: 1, windowMs: 1_000 } }, 'subjectLimit.perMobile is missing'],
    [{ ...good, subjectLimit: { perIdNumber: 0, perMobile: 1, windowMs: 1_000 } }, 'subjectLimit.perIdNumber'],
    [{ ...good, subjectLimit: { perIdNumber: 1, perMobile: 1, windowMs: 1 } }, 'subjectLimit.windowMs'],
    [{ ...good, onStoreFailure: 'retry' }, "onStoreFailure must be 'refuse' or 'local'"],
    [{ ...good, instances: 0 }, 'instances must be a whole number from 1'],
    [{ ...good, onStoreFailure: 'local', instances: 2 }, "onStoreFailure 'local' needs a shared ledger"],
    [{ ...good, pepper: 'too short' }, 'pepper must be'],
    [{ ...good, pepper: [] }, 'pepper must be'],
    [{ ...good, pepper: [{ kid: 'a', secret: 'short' }] }, 'pepper must be'],
    [{ ...good, pepper: [{ kid: 'a b', secret: long }] }, 'pepper must be'],
    [
      {
        ...good,
        pepper: [
          { kid: 'a', secret: long },
          { kid: 'a', secret: long },
        ],
      },
      'pepper must be',
    ],
    [{ ...good, acceptedDocuments: [] }, 'acceptedDocuments must be'],
    [{ ...good, acceptedDocuments: ['passport'] }, 'acceptedDocuments must be'],
    [{ ...good, codes: [] }, 'codes must map'],
    [
      {
        ...good,
        codes: { '10000': { kind: 'answer', outcome: 'mismatch', retry: 'never', billed: 'yes', httpStatus: 200 } },
      },
      'codes must map',
    ],
    [
      {
        ...good,
        codes: { '10044': { kind: 'answer', outcome: 'match', retry: 'never', billed: 'yes', httpStatus: 200 } },
      },
      'codes must map',
    ],
    [
      {
        ...good,
        codes: { '10044': { kind: 'error', category: 'nonsense', retry: 'never', billed: 'no', httpStatus: 503 } },
      },
      'codes must map',
    ],
    [
      {
        ...good,
        codes: { '10044': { kind: 'error', category: 'busy', retry: 'often', billed: 'no', httpStatus: 503 } },
      },
      'codes must map',
    ],
    [
      {
        ...good,
        codes: { '10044': { kind: 'error', category: 'busy', retry: 'safe', billed: 'unknown', httpStatus: 503 } },
      },
      'codes must map',
    ],
    [
      { ...good, codes: { '10044': { kind: 'error', category: 'busy', retry: 'safe', billed: 'no', httpStatus: 5 } } },
      'codes must map',
    ],
    [{ ...good, codes: { '10044': null } }, 'codes must map'],
    [{ ...good, replyContentTypes: ['json'] }, 'replyContentTypes must be'],
    [{ ...good, ledger: { claim() {} } }, 'ledger must be an object with the methods'],
    [
      { ...good, ledger: Object.assign(new MemoryLedger(), { shared: true }) },
      'pepper is required with a shared ledger',
    ],
    [
      {
        ...good,
        pepper: long,
        ledger: Object.assign(new MemoryLedger(), { shared: true }),
        onStoreFailure: 'local',
      },
      "instances is required with onStoreFailure: 'local'",
    ],
    [{ ...good, ledgerEntries: 0 }, 'ledgerEntries must be'],
    [{ ...good, ledgerTimeoutMs: 0 }, 'ledgerTimeoutMs must be'],
    [{ ...good, transport: {} }, 'transport must be an object with the methods send'],
    [{ ...good, clock: { now: 1 } }, 'clock must be an object with the methods'],
    [{ ...good, random: 4 }, 'random must be a function'],
    [{ ...good, timeoutMs: 5 }, 'timeoutMs is not an option'],
    [{ ...good, constructor: 5 }, 'constructor is not an option'],
  ])('refuses %j: %s', (options, expected) => {
    const message = messageOf(options);
    expect(message).toContain(expected);
    expect(message).toMatch(/Correct the option that the message names\.$/);
  });

  const throwing = (name: string, rest: object = good) =>
    Object.defineProperty({ ...rest }, name, {
      enumerable: true,
      get: () => {
        throw new Error('SECRET');
      },
    });
  const proxy = (trap: keyof ProxyHandler<object>) =>
    new Proxy(good, {
      [trap]: () => {
        throw new Error('SECRET');
      },
    });
  const revoked = () => {
    const { proxy: gone, revoke } = Proxy.revocable({}, {});
    revoke();
    return gone;
  };

  const hole = Object.assign([], { length: 1 });

  it.each<[string, unknown, string]>([
    ['a getter that throws', throwing('deadlineMs'), 'deadlineMs cannot be read'],
    ['an unknown getter that throws', throwing('mystery'), 'mystery cannot be read'],
    ['credentials that throw', throwing('credentials'), 'credentials cannot be read'],
    ['a part of credentials that throws', { credentials: throwing('appCode', {}) }, 'credentials.appCode cannot be'],
    ['a group that throws', { ...good, budget: throwing('callsPerDay', {}) }, 'budget.callsPerDay cannot be read'],
    ['a limit that throws', { ...good, subjectLimit: throwing('perMobile', {}) }, 'subjectLimit.perMobile cannot be'],
    ['a list that throws', { ...good, pepper: [throwing('secret', { kid: 'a' })] }, 'pepper cannot be read'],
    ['a row that throws', { ...good, codes: throwing('10044', {}) }, 'codes cannot be read'],
    ['a method that throws', { ...good, transport: throwing('send', {}) }, 'transport cannot be read'],
    ['a ledger that throws', { ...good, ledger: proxy('get') }, 'ledger cannot be read'],
    ['a proxy whose keys throw', proxy('ownKeys'), 'options cannot be read'],
    ['a proxy whose properties throw', proxy('get'), 'cannot be read'],
    ['a proxy that was revoked', revoked(), 'options cannot be read'],
    ['a group that was revoked', { ...good, breaker: revoked() }, 'breaker cannot be read'],
    ['a list of options', [good], 'options must be an object'],
    ['a function', () => good, 'options must be an object'],
    ['a promise of options', Promise.resolve(good), 'options must be an object'],
    ['a list of credentials', { credentials: ['code'] }, 'credentials must be an object'],
    ['a list as a group', { ...good, budget: [] }, 'budget must be an object'],
    ['a Map as a group', { ...good, budget: new Map([['callsPerDay', 5]]) }, 'budget must be an object'],
    ['a promise of a group', { ...good, budget: Promise.resolve({ callsPerDay: 5 }) }, 'budget must be an object'],
    ['a date as a group', { ...good, lifetimes: new Date(0) }, 'lifetimes must be an object'],
    ['a boxed number as a group', { ...good, limiter: Object(5) }, 'limiter must be an object'],
    ['a boxed number', { ...good, budget: { callsPerDay: Object(5) } }, 'budget.callsPerDay must be'],
    ['a number in words', { ...good, budget: { callsPerDay: '1,000' } }, 'budget.callsPerDay must be'],
    ['NaN', { ...good, budget: { callsPerDay: NaN } }, 'budget.callsPerDay must be'],
    ['a bigint', { ...good, budget: { callsPerMonth: 5n } }, 'budget.callsPerMonth must be'],
    ['null', { ...good, budget: null }, 'budget must be an object'],
    ['__proto__', JSON.parse('{"credentials":{"appCode":"c"},"__proto__":{}}'), '__proto__ is not an option'],
    ['__proto__ in a group', { ...good, budget: JSON.parse('{"__proto__":{}}') }, 'budget.__proto__ is not an option'],
    [
      '__proto__ in credentials',
      { credentials: JSON.parse('{"appCode":"c","__proto__":{}}') },
      'credentials must be one',
    ],
    ['an inherited NaN', Object.create({ ...good, budget: { callsPerDay: NaN } }), 'budget.callsPerDay must be'],
    ['an inherited group', { ...good, budget: Object.create({ callsPerDay: -1 }) }, 'budget.callsPerDay must be'],
    ['a document twice', { ...good, acceptedDocuments: ['resident', 'resident'] }, 'without duplicates'],
    ['a media type twice', { ...good, replyContentTypes: ['a/b', 'a/b'] }, 'without duplicates'],
    ['a list of holes', { ...good, acceptedDocuments: hole }, 'acceptedDocuments must be'],
    ['a hole among peppers', { ...good, pepper: hole }, 'pepper must be'],
    ['a registration among options', { ...good, name: 'x' }, 'stand beside useFactory'],
  ])('refuses %s', (_title, options, expected) => {
    const message = messageOf(options);
    expect(message).toContain(expected);
    expect(message).not.toContain('SECRET');
  });

  it('reads every value once, and uses the checked value', () => {
    let reads = 0;
    const options = { ...good, budget: {} };
    Object.defineProperty(options.budget, 'callsPerDay', { enumerable: true, get: () => (reads++ === 0 ? 5 : NaN) });
    const checked = validateOptions(options);
    expect([checked.budget?.callsPerDay, checked.budget?.callsPerDay, reads]).toEqual([5, 5, 1]);
  });

  it('returns a copy, so later changes by the application have no effect', () => {
    const given = {
      credentials: { appCode: 'a' },
      budget: { callsPerDay: 1 },
      lifetimes: { matchMs: 1 },
      subjectLimit: { perIdNumber: 1, perMobile: 1, windowMs: 1_000 },
      pepper: [{ kid: 'a', secret: long }],
      acceptedDocuments: ['resident'],
      codes: { '10044': { kind: 'answer', outcome: 'no_record', retry: 'never', billed: 'no', httpStatus: 200 } },
    };
    const checked = validateOptions(given);
    const before = structuredClone(checked);
    given.credentials.appCode = 'b\n';
    given.budget.callsPerDay = NaN;
    given.lifetimes.matchMs = -1;
    given.subjectLimit.perMobile = 0;
    given.pepper[0]!.secret = '';
    given.acceptedDocuments.length = 0;
    given.codes['10044'].outcome = 'match';
    expect(checked).toEqual(before);
    expect(() => ((checked.budget as { callsPerDay: number }).callsPerDay = 9)).toThrow(TypeError);
  });

  it('treats `undefined` as omitted in every group', () => {
    const unset = { budget: { callsPerDay: undefined }, lifetimes: { matchMs: undefined }, deadlineMs: undefined };
    const checked = validateOptions({ credentials: { appCode: 'c', key: undefined }, ...unset });
    expect(checked).toStrictEqual({ credentials: { appCode: 'c' }, budget: {}, lifetimes: {} });
  });

  it('reads options defined as getters of a class', () => {
    class Options {
      get credentials() {
        return { appCode: 'c' };
      }
      get budget() {
        return { callsPerDay: 5 };
      }
    }
    expect(validateOptions(new Options())).toStrictEqual({ credentials: { appCode: 'c' }, budget: { callsPerDay: 5 } });
  });

  it.each(['http://vendor.example', 'http://10.0.0.1', 'ftp://127.0.0.1', 'https://a@b', 'https://a/b', 'file:///x'])(
    'refuses a base URL that could send identities elsewhere: %s',
    (baseUrl) => {
      expect(messageOf({ ...good, baseUrl })).toMatch(/\bbaseUrl must be https?/);
    },
  );

  it('never repeats a value', () => {
    for (const options of [
      { credentials: 'SECRET-1' },
      { ...good, ['SECRET-1']: 1 },
      { ...good, ['SECRET1']: 1 },
      { ...good, budget: { 'SECRET\n': 1 } },
      { credentials: { SECRET: 'x' } },
      { credentials: { appCode: 'SECRET\n' } },
      { ...good, pepper: 'SECRET' },
      { ...good, baseUrl: 'https://user:SECRET@host' },
      { ...good, codes: { SECRET: null } },
    ]) {
      expect(messageOf(options)).not.toContain('SECRET');
    }
  });
});
