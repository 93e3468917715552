import { describe, expect, it } from '@jest/globals';
import { CONSEQUENCES, isRepeatable, type Consequence } from './consequences.data.js';
import { ERROR_CODES } from './error-codes.data.js';

const ALL = Object.entries<Consequence>(CONSEQUENCES);
const categoriesWith = (property: (consequence: Consequence) => boolean) =>
  ALL.filter(([, consequence]) => property(consequence)).map(([category]) => category);

describe('the consequences of an error of the upstream', () => {
  it.each(ALL)('are an error of its category: %s', (category, { code }) => {
    expect(ERROR_CODES[code]).toMatchObject({ family: 'upstream', category });
  });

  it('stop all calls of an account whose quota is exhausted, or whose access is denied', () => {
    expect(categoriesWith(({ latch }) => latch === 'quota')).toEqual(['quota']);
    expect(categoriesWith(({ latch }) => latch === 'access')).toEqual([
      'authentication',
      'authorization',
      'disabled',
      'configuration',
    ]);
    expect(categoriesWith(({ latch }) => latch !== undefined)).toHaveLength(5);
  });

  it('stop the calls for one question only at the limit on equal questions', () => {
    expect(categoriesWith(({ blocks }) => blocks === true)).toEqual(['same_parameter_limit']);
    expect(categoriesWith(({ blocks }) => blocks !== undefined)).toHaveLength(1);
  });

  it('are evidence for the circuit breaker: failing, none, or working', () => {
    expect(categoriesWith(({ health }) => health === 'ill')).toEqual(['timeout', 'busy', 'upstream_failure']);
    expect(categoriesWith(({ health }) => health === 'unasked')).toEqual(['invalid_input']);
    expect(categoriesWith(({ health }) => health === 'well')).toHaveLength(ALL.length - 4);
  });
});

describe('a reply may be repeated', () => {
  it.each([
    ['safe', 'no', true],
    ['re_sign', 'no', true],
    ['safe', 'yes', false],
    ['safe', 'unknown', false],
    ['re_sign', 'unknown', false],
    ['never', 'no', false],
    ['ambiguous', 'no', false],
    ['not_today', 'no', false],
    ['days_later', 'no', false],
  ] as const)('only if its row says so, and only if it was not billed: %s, billed %s', (retry, billed, expected) => {
    expect(isRepeatable(retry, billed)).toBe(expected);
  });
});
