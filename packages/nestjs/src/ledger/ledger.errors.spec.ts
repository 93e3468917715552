import { describe, expect, it } from '@jest/globals';
import { refusalError, unavailable } from './ledger.errors.js';
import type { ClaimRefusal } from './ledger.port.js';

describe('refusalError', () => {
  it.each<[ClaimRefusal, code: string, httpStatus: number, detail: string | undefined]>([
    ['budget_day', 'IDV_BUDGET_EXHAUSTED', 503, '(today)'],
    ['budget_month', 'IDV_BUDGET_EXHAUSTED', 503, '(this month)'],
    ['subject_id_number', 'IDV_SUBJECT_LIMIT', 429, undefined],
    ['subject_mobile', 'IDV_SUBJECT_LIMIT', 429, undefined],
    ['same_parameter', 'IDV_SAME_PARAMETER_BLOCKED', 429, undefined],
    ['latched', 'IDV_LATCHED', 503, undefined],
    ['capacity', 'IDV_CAPACITY', 503, undefined],
  ])('of %s is a %s, which costs nothing, and says when to ask again', (reason, code, httpStatus, detail) => {
    const error = refusalError(reason, 5);
    expect(error).toMatchObject({ code, httpStatus, retryAfterMs: 5, billed: 'no', retryable: true });
    expect(/\([^)]+\)/.exec(error.message)?.[0]).toBe(detail);
  });

  it('does not say which subject reached its limit', () => {
    expect(refusalError('subject_id_number', 5).message).toBe(refusalError('subject_mobile', 5).message);
  });
});

describe('unavailable', () => {
  it('says why, and when to ask again, if that is known', () => {
    expect(unavailable()).toMatchObject({ code: 'IDV_LEDGER_UNAVAILABLE', billed: 'no', httpStatus: 503 });
    expect(unavailable()).not.toHaveProperty('retryAfterMs');
    expect(unavailable().message).not.toContain('(');
    const error = unavailable('no answer within 50 ms', 250);
    expect([error.message, error.retryAfterMs]).toEqual([expect.stringContaining('(no answer within 50 ms)'), 250]);
  });
});
