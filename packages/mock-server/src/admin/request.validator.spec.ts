import { describe, expect, it } from '@jest/globals';
import { InvalidRequestError, RequestValidator } from './request.validator.js';

/** A list that repeats one invalid item and counts how often it is read. */
function watched(length: number) {
  let reads = 0;
  const item = Object.defineProperty({}, 'scenario', { enumerable: true, get: () => (reads++, 5) });
  return { scenarios: Array.from({ length }, () => item), reads: () => reads };
}
const LONG = 1024 * 1024;

describe('a long body', () => {
  it('is rejected for its length before its items are read', () => {
    const { scenarios, reads } = watched(20_000);
    expect(() => new RequestValidator().check('EnqueueRequest', { scenarios }, LONG)).toThrow(/more than 10000 items/);
    expect(reads()).toBe(0);
  });

  it('is rejected at its first invalid item', () => {
    const { scenarios, reads } = watched(10_000);
    expect(() => new RequestValidator().check('EnqueueRequest', { scenarios }, LONG)).toThrow(InvalidRequestError);
    expect(reads()).toBeLessThan(10);
  });

  it.each([
    ['VerifyRequest', { inOrder: Array.from({ length: 101 }, () => ({})) }, /more than 100 items/],
    ['RuleRequest', { when: { name: 'x'.repeat(201) }, scenario: 'match' }, /more than 200 characters/],
    ['EnqueueRequest', { scenarios: [{ scenario: 'match', tims: 1 }] }, /no field "tims". Did you mean "times"/],
  ] as const)('is rejected with a reason: %s', (schema, body, message) => {
    expect(() => new RequestValidator().check(schema, body, LONG)).toThrow(message);
  });
});
