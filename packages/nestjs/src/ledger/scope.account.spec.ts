import { describe, expect, it } from '@jest/globals';
import { ScopeAccount } from './scope.account.js';

const HOUR = 3_600_000;
/** 22:00 on the last day of May in Asia/Shanghai. */
const NOW = Date.UTC(2026, 4, 31, 14);
const moment = (elapsed = 0) => ({ now: NOW + elapsed, elapsed });

describe('a budget', () => {
  const spentAccount = (calls: number) => {
    const account = new ScopeAccount();
    for (let n = 0; n < calls; n++) account.reserve(moment());
    return account;
  };

  it('is exhausted at its number of calls, until the period ends', () => {
    const account = spentAccount(2);
    expect(account.exhausted({ callsPerDay: 3 }, moment())).toBeUndefined();
    expect(account.exhausted({ callsPerMonth: 3 }, moment())).toBeUndefined();
    account.reserve(moment());
    expect(account.exhausted({ callsPerDay: 3 }, moment())).toEqual({ reason: 'budget_day', retryAfterMs: 2 * HOUR });
    expect(account.exhausted({ callsPerMonth: 3 }, moment())).toEqual({
      reason: 'budget_month',
      retryAfterMs: 2 * HOUR,
    });
  });

  it('of a month is named before that of a day, because it lasts longer', () => {
    expect(spentAccount(1).exhausted({ callsPerDay: 1, callsPerMonth: 1 }, moment())?.reason).toBe('budget_month');
  });

  it('of no calls is exhausted from the beginning, and none never is', () => {
    expect(new ScopeAccount().exhausted({ callsPerDay: 0 }, moment())?.reason).toBe('budget_day');
    expect(new ScopeAccount().exhausted({ callsPerMonth: 0 }, moment())?.reason).toBe('budget_month');
    expect(spentAccount(9).exhausted({}, moment())).toBeUndefined();
  });

  it('gets a refund in the periods of the reservation', () => {
    const account = new ScopeAccount();
    const reservation = account.reserve(moment());
    account.reserve(moment(3 * HOUR));
    account.refund(reservation, moment(3 * HOUR));
    expect(account.spent(moment(3 * HOUR))).toEqual({ callsToday: 1, callsThisMonth: 1 });
    expect(account.spent(moment())).toEqual({ callsToday: 1, callsThisMonth: 1 });
    expect(account.spent(moment(27 * HOUR))).toEqual({ callsToday: 0, callsThisMonth: 1 });
  });

  it.each([
    [24 * HOUR - 1, 31 * 24 * HOUR - 1, 1, 1],
    [24 * HOUR, 31 * 24 * HOUR, 0, 0],
  ])('counts calls of the future for a day, and for 31 days', (aDay, aMonth, callsToday, callsThisMonth) => {
    const account = new ScopeAccount();
    account.reserve({ now: NOW + 400 * 24 * HOUR, elapsed: 0 });
    expect(account.spent({ now: NOW, elapsed: aDay }).callsToday).toBe(callsToday);
    expect(account.spent({ now: NOW, elapsed: aMonth }).callsThisMonth).toBe(callsThisMonth);
  });
});

describe('a latch', () => {
  const closed = () => {
    const account = new ScopeAccount();
    account.close('quota', 1_000, 500);
    return account;
  };

  it('is open at first, and makes no claim its probe', () => {
    const account = new ScopeAccount();
    expect([account.latchedFor(0), account.latch(moment()), account.startProbe('a', 9)]).toEqual([0, undefined, false]);
    account.endProbe('a', 'failed', 0);
    expect([account.latchedFor(0), account.reopen()]).toEqual([0, false]);
  });

  it('refuses every claim for its time, and says until when', () => {
    const account = closed();
    expect([account.latchedFor(500), account.latchedFor(1_499), account.latchedFor(1_500)]).toEqual([1_000, 1, 0]);
    expect(account.latch({ now: NOW, elapsed: 600 })).toEqual({ name: 'quota', until: NOW + 900 });
    expect(account.latch({ now: NOW, elapsed: 9_999 })).toEqual({ name: 'quota', until: NOW });
  });

  it('refuses the others while its probe is under way, until the lease of the probe ends', () => {
    const account = closed();
    expect(account.startProbe('a', 3_000)).toBe(true);
    expect([account.latchedFor(1_500), account.latchedFor(2_999), account.latchedFor(3_001)]).toEqual([1_500, 1, 0]);
  });

  it('reopens after an answer to its probe, and after no other', () => {
    const account = closed();
    account.startProbe('a', 3_000);
    account.endProbe('b', 'answered', 2_000);
    expect(account.latchedFor(2_000)).toBe(1_000);
    account.endProbe('a', 'answered', 2_000);
    expect([account.latchedFor(2_000), account.latch(moment())]).toEqual([0, undefined]);
  });

  it('is not affected by the end of another call before it has a probe', () => {
    const account = closed();
    account.endProbe('a', 'answered', 2_000);
    expect(account.latch(moment())?.name).toBe('quota');
  });

  it('closes again, for the same time and by the same name, after a failed probe', () => {
    const account = closed();
    account.startProbe('a', 3_000);
    account.endProbe('a', 'failed', 2_000);
    expect(account.latchedFor(2_000)).toBe(1_000);
    expect(account.latch({ now: NOW, elapsed: 2_000 })).toEqual({ name: 'quota', until: NOW + 1_000 });
  });

  it('gives the probe to the next claim if the upstream was not asked', () => {
    const account = closed();
    account.startProbe('a', 3_000);
    account.endProbe('a', 'unasked', 2_000);
    expect(account.latchedFor(2_000)).toBe(0);
    expect(account.startProbe('b', 3_000)).toBe(true);
  });

  it('is reopened on demand, even during a probe', () => {
    const account = closed();
    account.startProbe('a', 3_000);
    expect([account.reopen(), account.latchedFor(600), account.reopen()]).toEqual([true, 0, false]);
  });
});
