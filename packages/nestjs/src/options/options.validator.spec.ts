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
      'budget.daily is not an option; there are callsPerDay, callsPerMonth, fenPerCall',
    ],
    [{ ...good, subjectLimit: true }, 'subjectLimit must be an object'],
    [{ ...good, subjectLimit: { perIdNumber: 1, windowMs: 1_000 } }, 'subjectLimit.perMobile is missing'],
    [{ ...good, subjectLimit: { perIdNumber: 0, perMobile: 1, windowMs: 1_000 } }, 'subjectLimit.perIdNumber'],
    [{ ...good, subjectLimit: { perIdNumber: 1, perMobile: 1, windowMs: 1 } }, 'subjectLimit.windowMs'],
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
      { ...good, ledger: { shared: true, claim() {}, settle() {}, forget() {}, spent() {}, latch() {} } },
      'pepper is required with a shared ledger',
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

  it('never repeats a value', () => {
    for (const options of [
      { credentials: { appCode: 'SECRET\n' } },
      { ...good, pepper: 'SECRET' },
      { ...good, baseUrl: 'https://user:SECRET@host' },
      { ...good, codes: { SECRET: null } },
    ]) {
      expect(messageOf(options)).not.toContain('SECRET');
    }
  });
});
