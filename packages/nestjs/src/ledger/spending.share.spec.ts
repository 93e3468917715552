import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '../testing/manual.clock.js';
import { SpendingShare, sum } from './spending.share.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** At 22:00 on the last day of May in Asia/Shanghai. */
function open(instances = 4, learned: [number, number] | null = [10, 100]) {
  const clock = new ManualClock(Date.UTC(2026, 4, 31, 14));
  const share = new SpendingShare(clock, instances);
  if (learned) share.learn('s', { callsToday: learned[0], callsThisMonth: learned[1] });
  return { clock, share, refusal: (budget: object) => share.refusal('s', budget, clock.monotonic()) };
}

describe('the share of an instance', () => {
  it.each(['callsPerDay', 'callsPerMonth'])('is what is left of the budget, divided and rounded down: %s', (name) => {
    const { share, refusal } = open(4, [10, 10]);
    const budget = { [name]: 21 };
    for (let calls = 0; calls < 2; calls++) {
      expect(refusal(budget)).toBeUndefined();
      share.reserve('s');
    }
    expect(refusal(budget)).toBe('share');
  });

  it('is not limited without a budget, known or not', () => {
    expect(open(1, null).refusal({})).toBeUndefined();
    expect(open(1, [9, 9]).refusal({})).toBeUndefined();
  });

  it('is told to wait for the next period when the whole budget is used up', () => {
    const { refusal } = open();
    expect(refusal({ callsPerDay: 10 })).toEqual({ reason: 'budget_day', retryAfterMs: 2 * HOUR });
    expect(refusal({ callsPerDay: 9 })).toEqual({ reason: 'budget_day', retryAfterMs: 2 * HOUR });
    expect(refusal({ callsPerMonth: 100 })).toEqual({ reason: 'budget_month', retryAfterMs: 2 * HOUR });
    expect(refusal({ callsPerDay: 14, callsPerMonth: 104 })).toBeUndefined();
  });

  it('gets back a call that was not paid for', () => {
    const { share, refusal } = open(1, [0, 0]);
    const reservation = share.reserve('s');
    expect(refusal({ callsPerDay: 1 })).toBe('share');
    share.refund('other', reservation);
    share.refund('s', reservation);
    expect(refusal({ callsPerDay: 1 })).toBeUndefined();
  });

  it('is of each scope', () => {
    const { share, clock } = open(1, [0, 0]);
    share.learn('t', { callsToday: 0, callsThisMonth: 0 });
    share.reserve('t');
    expect(share.refusal('s', { callsPerDay: 1 }, clock.monotonic())).toBeUndefined();
    expect(share.refusal('t', { callsPerDay: 1 }, clock.monotonic())).toBe('share');
  });
});

describe('what the store counts', () => {
  it('is unknown until it says so, and when it said so 15 s before it failed', () => {
    expect(open(1, null).refusal({ callsPerDay: 1 })).toBe('unknown');
    expect(open(1, null).share.spent('s')).toBeUndefined();
    expect(open(1, null).share.learnedAt('s')).toBe(-Infinity);
    const { share } = open(1);
    const at = share.learnedAt('s');
    expect(share.refusal('s', { callsPerDay: 99 }, at + 15_000)).toBeUndefined();
    expect(share.refusal('s', { callsPerDay: 99 }, at + 15_001)).toBe('unknown');
  });

  it.each([
    [-1, 0],
    [0, -1],
    [NaN, 0],
    [0, Infinity],
    [0.5, 0],
    ['1', 0],
  ])('is not taken over if it is no count: %s and %s', (callsToday, callsThisMonth) => {
    const { share } = open();
    share.learn('s', { callsToday, callsThisMonth } as never);
    expect(share.spent('s')).toEqual({ callsToday: 10, callsThisMonth: 100 });
  });

  it('is added to what it does not count yet', () => {
    const { share } = open();
    expect(share.unwritten('s')).toEqual({ callsToday: 0, callsThisMonth: 0 });
    share.reserve('s');
    expect(share.unwritten('s')).toEqual({ callsToday: 1, callsThisMonth: 1 });
    expect(share.spent('s')).toEqual({ callsToday: 11, callsThisMonth: 101 });
    expect(sum({ callsToday: 1, callsThisMonth: 20 }, { callsToday: 3, callsThisMonth: 40 })).toEqual({
      callsToday: 4,
      callsThisMonth: 60,
    });
  });

  it('is nothing of a period that is over', async () => {
    const { share, clock } = open();
    await clock.advance(2 * HOUR);
    expect(share.spent('s')).toEqual({ callsToday: 0, callsThisMonth: 0 });
    share.learn('s', { callsToday: 1, callsThisMonth: 2 });
    await clock.advance(DAY);
    expect(share.spent('s')).toEqual({ callsToday: 0, callsThisMonth: 2 });
    clock.jump(-2 * DAY);
    expect(share.spent('s')).toEqual({ callsToday: 1, callsThisMonth: 2 });
  });
});

describe('a budget that the store says is used up', () => {
  it('counts as spent, and the other stays as it was', () => {
    const budget = { callsPerDay: 50, callsPerMonth: 500 };
    const day = open();
    day.share.learnExhausted('s', 'budget_day', budget);
    expect(day.share.spent('s')).toEqual({ callsToday: 50, callsThisMonth: 100 });
    const month = open();
    month.share.learnExhausted('s', 'budget_month', budget);
    expect(month.share.spent('s')).toEqual({ callsToday: 10, callsThisMonth: 500 });
  });

  it('never counts as less than was known, and is as old as what was known', async () => {
    const { share, clock } = open();
    const at = share.learnedAt('s');
    await clock.advance(9);
    share.learnExhausted('s', 'budget_day', {});
    share.learnExhausted('s', 'budget_month', { callsPerMonth: 1 });
    expect(share.spent('s')).toEqual({ callsToday: 10, callsThisMonth: 100 });
    expect(share.learnedAt('s')).toBe(at);
  });

  it('belongs to the present period', async () => {
    const { share, clock } = open();
    await clock.advance(2 * HOUR);
    share.learnExhausted('s', 'budget_day', { callsPerDay: 50 });
    expect(share.spent('s')).toEqual({ callsToday: 50, callsThisMonth: 0 });
    clock.jump(-DAY);
    share.learnExhausted('s', 'budget_month', { callsPerMonth: 500 });
    clock.jump(DAY);
    expect(share.spent('s')).toEqual({ callsToday: 50, callsThisMonth: 500 });
  });

  it('says nothing where nothing was known', () => {
    const { share } = open(1, null);
    share.learnExhausted('s', 'budget_day', { callsPerDay: 50 });
    expect(share.spent('s')).toBeUndefined();
  });
});

describe('a call', () => {
  it('is over with its month', async () => {
    const { share, clock } = open();
    const reservation = share.reserve('s');
    await clock.advance(2 * HOUR - 1);
    expect(share.isOver(reservation)).toBe(false);
    await clock.advance(1);
    expect(share.isOver(reservation)).toBe(true);
  });
});
