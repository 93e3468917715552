import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '../testing/manual.clock.js';
import { refusalError, withinDeadline } from './ledger.gate.js';

describe('withinDeadline', () => {
  it('hands an answer that is there at once through, without a timer', () => {
    const clock = new ManualClock();
    expect(withinDeadline(clock, 50, () => 7)).toBe(7);
    expect(clock.pending).toBe(0);
  });

  it('waits for an answer, and takes its timer back', async () => {
    const clock = new ManualClock();
    const answer = withinDeadline(clock, 50, () => Promise.resolve(7));
    expect(clock.pending).toBe(1);
    expect(await answer).toBe(7);
    await clock.advance(0);
    expect(clock.pending).toBe(0);
  });

  it('does not wait longer than it may for a store that hangs', async () => {
    const clock = new ManualClock();
    const answer = Promise.resolve(withinDeadline(clock, 50, () => new Promise<never>(() => undefined)));
    const seen = answer.catch((error: unknown) => error);
    await clock.advance(50);
    expect(await seen).toMatchObject({ code: 'IDV_LEDGER_UNAVAILABLE', message: expect.stringContaining('50 ms') });
  });

  it('passes nothing on of what a store complains of', async () => {
    const clock = new ManualClock();
    const broken = () => Promise.reject(new Error('redis://user:secret@host'));
    await expect(withinDeadline(clock, 50, broken)).rejects.toMatchObject({
      code: 'IDV_LEDGER_UNAVAILABLE',
      message: expect.not.stringContaining('secret'),
    });
    expect(() =>
      withinDeadline(clock, 50, () => {
        throw new Error('secret');
      }),
    ).toThrow(
      expect.objectContaining({ code: 'IDV_LEDGER_UNAVAILABLE', message: expect.not.stringContaining('secret') }),
    );
  });
});

describe('refusalError', () => {
  it('does not tell which subject hit its limit', () => {
    const byId = refusalError('subject_id_number', 5);
    const byMobile = refusalError('subject_mobile', 5);
    expect(byId.message).toBe(byMobile.message);
    expect(byId).toMatchObject({ code: 'IDV_SUBJECT_LIMIT', httpStatus: 429, retryAfterMs: 5 });
  });

  it('tells which budget is used up', () => {
    expect(refusalError('budget_day', 5).message).toContain('today');
    expect(refusalError('budget_month', 5).message).toContain('this month');
  });
});
