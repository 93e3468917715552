import { describe, expect, it } from '@jest/globals';
import { InvalidRequestError, RequestValidator } from './request.validator.js';

/** A list of one wrong item many times over, which counts how often it is looked at. */
function watched(length: number) {
  let reads = 0;
  const item = Object.defineProperty({}, 'scenario', { enumerable: true, get: () => (reads++, 5) });
  return { scenarios: Array.from({ length }, () => item), reads: () => reads };
}
const LONG = 1024 * 1024;

describe('a long body', () => {
  it('is refused for its length before its items are looked at', () => {
    const { scenarios, reads } = watched(20_000);
    expect(() => new RequestValidator().check('EnqueueRequest', { scenarios }, LONG)).toThrow(/more than 10000 items/);
    expect(reads()).toBe(0);
  });

  it('is refused at its first wrong item', () => {
    const { scenarios, reads } = watched(10_000);
    expect(() => new RequestValidator().check('EnqueueRequest', { scenarios }, LONG)).toThrow(InvalidRequestError);
    expect(reads()).toBeLessThan(10);
  });

  it.each([
    ['VerifyRequest', { inOrder: Array.from({ length: 101 }, () => ({})) }, /more than 100 items/],
    ['RuleRequest', { when: { name: 'x'.repeat(201) }, scenario: 'match' }, /more than 200 characters/],
    ['EnqueueRequest', { scenarios: [{ scenario: 'match', tims: 1 }] }, /no field "tims". Did you mean "times"/],
  ] as const)('says what is wrong with it: %s', (schema, body, message) => {
    expect(() => new RequestValidator().check(schema, body, LONG)).toThrow(message);
  });
});
