import { describe, expect, it } from '@jest/globals';
import { checkVerifyOptions } from './verify-options.check.js';

const nothing = () => undefined;
const refused = (how: unknown) => {
  try {
    checkVerifyOptions(how);
  } catch (error) {
    return error;
  }
  throw new Error('not refused');
};
const refusal = (text: string) => ({ code: 'IDV_ARGUMENT_INVALID', message: expect.stringContaining(text) });

describe('the options of a question', () => {
  it('may be absent', () => {
    expect(checkVerifyOptions(undefined)).toEqual({});
  });

  it.each<[object]>([
    [{ maxAgeMs: 0 }],
    [{ maxAgeMs: Infinity }],
    [{ repeatInDoubt: false }],
    [{ signal: new AbortController().signal }],
    [{ tenant: 'bank', purpose: 'enrolment', consentRef: 'c' }],
    [{ tenant: 7 }],
  ])('are copied: %j', (how) => {
    const checked = checkVerifyOptions(how);
    expect(checked).toStrictEqual(how);
    expect(checked).not.toBe(how);
  });

  it('are copied without those that are undefined', () => {
    expect(checkVerifyOptions({ maxAgeMs: undefined, purpose: 'p' })).toStrictEqual({ purpose: 'p' });
  });

  it.each([[null], ['text'], [[]], [5]])('are refused if they are no object: %j', (how) => {
    expect(refused(how)).toMatchObject(refusal('the second argument must be an object'));
  });

  it.each([
    [{ maxAgeMs: -1 }, 'maxAgeMs must be a number of milliseconds, 0 or more'],
    [{ maxAgeMs: '5' }, 'maxAgeMs must be a number of milliseconds, 0 or more'],
    [{ maxAgeMs: NaN }, 'maxAgeMs must be a number of milliseconds, 0 or more'],
    [{ repeatInDoubt: 1 }, 'repeatInDoubt must be true or false'],
    [{ purpose: 1 }, 'purpose must be a string'],
    [{ consentRef: null }, 'consentRef must be a string'],
    [{ signal: null }, 'signal must be an AbortSignal'],
    [{ signal: 'x' }, 'signal must be an AbortSignal'],
    [
      { signal: Object.assign(() => 0, { aborted: false, addEventListener: nothing, removeEventListener: nothing }) },
      'signal must be an AbortSignal',
    ],
    [{ signal: { aborted: false, addEventListener: nothing } }, 'signal must be an AbortSignal'],
    [{ signal: { aborted: false, removeEventListener: nothing } }, 'signal must be an AbortSignal'],
    [{ signal: { addEventListener: nothing, removeEventListener: nothing } }, 'signal must be an AbortSignal'],
  ])('are refused, and the wrong one is named: %j', (how, text) => {
    expect(refused(how)).toMatchObject(refusal(text));
  });

  it.each(['maxAge', 'toString', '__proto'])('are refused if there is no such option: %s', (name) => {
    expect(refused({ [name]: 'secret' })).toMatchObject(
      refusal('there is no such option; the options are maxAgeMs, repeatInDoubt, signal, tenant, purpose, consentRef'),
    );
  });

  it('are refused if they cannot be read, without the error that they threw', () => {
    const fail = () => {
      throw new Error('secret');
    };
    const unreadable = Object.defineProperty({}, 'purpose', { enumerable: true, get: fail });
    expect(refused(unreadable)).toMatchObject(refusal('purpose cannot be read'));
    expect(refused(new Proxy({}, { ownKeys: fail }))).toMatchObject(refusal('the second argument cannot be read'));
  });
});
