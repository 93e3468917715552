import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '../testing/manual.clock.js';
import type { Settlement } from './ledger.port.js';
import { answered, DAY, MINUTE, open, question } from './shared-store.fixture.js';

const GRANTED = expect.objectContaining({ verdict: 'granted' });

describe('LocalFallback, budgets', () => {
  it('grants the share of an instance in what is left, and no more', async () => {
    const { all, clock } = open(3);
    const budget = { callsPerDay: 10 };
    for (let n = 0; n < 4; n++) expect(await all[n % 3]!.claim(question(n, { budget }))).toEqual(GRANTED);
    await clock.advance(5_000); // each has asked for the spent calls since
    let granted = 0;
    for (const [i, instance] of all.entries()) {
      await instance.lose();
      for (let n = 0; n < 5; n++) {
        const answer = await instance.claim(question(100 + 10 * i + n, { budget }));
        if (typeof answer === 'object') granted++;
        else expect(answer).toBe('IDV_LEDGER_UNAVAILABLE');
      }
    }
    expect(granted).toBe(6);
  });

  it('counts what it has not written yet against its share, also in the next outage', async () => {
    const { one, store } = open();
    const budget = { callsPerDay: 3 };
    await one.claim(question(1, { budget }));
    await one.lose();
    expect(await one.claim(question(2, { budget }))).toEqual(GRANTED);
    // The store answers again, and nothing is written back, because the call is still under way.
    one.connect();
    expect(await one.front.spent('s')).toEqual({ callsToday: 2, callsThisMonth: 2 });
    expect(await one.claim(question(3, { budget }))).toEqual(GRANTED);
    expect(await one.claim(question(4, { budget }))).toMatchObject({ verdict: 'refused', reason: 'budget_day' });
    await one.lose();
    expect(await one.claim(question(5, { budget }))).not.toEqual(GRANTED);
    expect(store.spent('s').callsToday).toBe(2);
  });

  it('reports the budget as used up when the store said so, and the share otherwise', async () => {
    const { one } = open();
    const budget = { callsPerDay: 1 };
    await one.claim(question(1, { budget }));
    await one.lose();
    expect(await one.claim(question(2, { budget }))).toMatchObject({ verdict: 'refused', reason: 'budget_day' });
    expect(one.front.refusing('s', budget)).toBe('budget_exhausted');
    expect(one.front.refusing('s', { callsPerDay: 2 })).toBeUndefined();
  });

  it.each([
    ['is not known', undefined],
    ['is older than 15 s when the store begins to fail', 15_001],
  ])('refuses when what is spent %s, if there is a budget', async (_title, ageMs) => {
    const { one, clock } = open();
    const budget = { callsPerDay: 100 };
    if (ageMs !== undefined) {
      await one.claim(question(1, { budget }));
      one.front.stop(); // the spent calls are not asked for any more
      await clock.advance(ageMs);
    }
    await one.lose();
    expect(await one.claim(question(2, { budget }))).toBe('IDV_LEDGER_UNAVAILABLE');
    expect(one.front.refusing('s', budget)).toBe('ledger_unavailable');
    expect(await one.claim(question(3))).toEqual(GRANTED);
  });

  it('knows what is spent for as long as the store fails', async () => {
    const { one, clock } = open();
    const budget = { callsPerDay: 3 };
    await one.claim(question(1, { budget }));
    await clock.advance(5 * MINUTE);
    await one.lose();
    await clock.advance(30 * MINUTE);
    expect(await one.claim(question(2, { budget }))).toEqual(GRANTED);
  });

  it.each(['callsPerDay', 'callsPerMonth'] as const)('has a new share of %s in the next period', async (limit) => {
    const { one, clock } = open();
    const budget = { [limit]: 2 };
    for (const n of [1, 2]) await one.claim(question(n, { budget }));
    await one.lose();
    expect(await one.claim(question(3, { budget }))).toMatchObject({ verdict: 'refused' });
    await clock.advance((limit === 'callsPerDay' ? 1 : 31) * DAY);
    const answers = [];
    for (const n of [4, 5, 6]) answers.push(await one.claim(question(n, { budget })));
    expect(answers).toEqual([GRANTED, GRANTED, 'IDV_LEDGER_UNAVAILABLE']);
  });

  it('takes a count of the store that is none for unknown', async () => {
    const { one, store } = open();
    const budget = { callsPerDay: 10 };
    store.spent = () => ({ callsToday: NaN, callsThisMonth: -1 });
    await one.front.spent('s');
    await one.lose();
    expect(await one.claim(question(1, { budget }))).toBe('IDV_LEDGER_UNAVAILABLE');
  });

  it('asks for the spent calls every 5 s at most while a scope is used, and then no more', async () => {
    const { one, store, clock } = open();
    let asked = 0;
    const { spent } = store;
    store.spent = (scope) => (asked++, spent.call(store, scope));
    const budget = { callsPerDay: 1_000 };
    await one.claim(question(0, { budget })); // the memory ledger is asked by name, and not for its grants
    await clock.advance(MINUTE);
    expect(asked).toBe(12);
    await clock.advance(10 * MINUTE);
    expect(clock.pending).toBe(0);
  });

  it.each([
    ['callsPerDay', 'budget_day'],
    ['callsPerMonth', 'budget_month'],
  ])('knows that %s is used up when the store has refused a call for that reason alone', async (name, reason) => {
    const { one, other } = open(2);
    const budget = { [name]: 4 };
    expect(await one.front.spent('s')).toEqual({ callsToday: 0, callsThisMonth: 0 });
    for (let n = 0; n < 4; n++) await other.claim(question(n, { budget }));
    expect(await one.claim(question(5, { budget }))).toMatchObject({ reason });
    await one.lose();
    expect(await one.claim(question(6, { budget }))).toMatchObject({ verdict: 'refused', reason });
    expect(one.front.refusing('s', budget)).toBe('budget_exhausted');
  });

  it('does not take a refusal for another reason for a budget that is used up', async () => {
    const { one, other } = open(2);
    const budget = { callsPerDay: 4, callsPerMonth: 4 };
    const blocked = question(1);
    await one.front.spent('s');
    await other.claim(blocked);
    await other.settle(blocked, { kind: 'unbilled', blockMs: MINUTE });
    expect(await one.claim(question(1, { budget }))).toMatchObject({ reason: 'same_parameter' });
    await one.lose();
    expect(await one.claim(question(2, { budget }))).toEqual(GRANTED);
  });

  it('asks at the start for what is spent, if there is a budget', async () => {
    const { one, store, clock } = open();
    let asked = 0;
    const { spent } = store;
    store.spent = (scope) => (asked++, spent.call(store, scope));
    one.front.start('other', {});
    await clock.advance(0);
    expect([asked, clock.pending]).toEqual([0, 0]);
    const budget = { callsPerMonth: 1 };
    one.front.start('s', budget);
    await clock.advance(0);
    expect([asked, clock.pending]).toEqual([1, 1]);
    await one.lose();
    one.front.start('s', budget); // fails, and nobody has to handle it
    expect(await one.claim(question(1, { budget }))).toEqual(GRANTED);
    one.front.stop();
    expect(clock.pending).toBe(0);
  });

  it.each<[title: string, Settlement['result']]>([
    ['that was not paid for', { kind: 'unbilled' }],
    ['whose answer was free', answered(new ManualClock(), DAY, false)],
  ])('has the share back of a call %s', async (_title, result) => {
    const { one } = open();
    const budget = { callsPerDay: 1 };
    await one.front.spent('s');
    await one.lose();
    const asked = question(1, { budget });
    expect(await one.claim(asked)).toEqual(GRANTED);
    await one.settle(asked, result);
    expect(await one.claim(question(2, { budget }))).toEqual(GRANTED);
    expect(await one.claim(question(3, { budget }))).toBe('IDV_LEDGER_UNAVAILABLE');
  });

  it('tells with a grant what is spent, if that is known', async () => {
    const { one } = open();
    await one.lose();
    expect(await one.claim(question(1))).toEqual({ verdict: 'granted', probe: false });
    one.connect();
    await one.front.spent('s');
    const granted = await one.claim(question(2));
    expect(granted).toEqual({ verdict: 'granted', probe: false, spent: { callsToday: 2, callsThisMonth: 2 } });
    await one.lose();
    const further = { verdict: 'granted', probe: false, spent: { callsToday: 3, callsThisMonth: 3 } };
    expect(await one.claim(question(3))).toEqual(further);
  });

  it('takes a grant of a store that does not say what is spent', async () => {
    const { one, store } = open();
    const { claim } = store;
    store.claim = (request) => {
      const answer = claim.call(store, request);
      return answer.verdict === 'granted' ? { verdict: 'granted', probe: answer.probe } : answer;
    };
    expect(await one.claim(question(1))).toEqual({ verdict: 'granted', probe: false });
  });

  it('allows the store what is left of a budget, less the calls that it does not count', async () => {
    const { one, store } = open();
    const budgets: unknown[] = [];
    const { claim } = store;
    store.claim = (request) => (budgets.push(request.budget), claim.call(store, request));
    await one.lose();
    for (const n of [1, 2]) await one.claim(question(n));
    one.connect();
    const asked = [{}, { callsPerDay: 5 }, { callsPerMonth: 6 }, { callsPerDay: 1, callsPerMonth: 1 }];
    for (const [n, budget] of asked.entries()) await one.claim(question(10 + n, { budget }));
    expect(budgets).toEqual([{}, { callsPerDay: 3 }, { callsPerMonth: 4 }, { callsPerDay: 0, callsPerMonth: 0 }]);
  });

  it('reports what is spent from the store, and without it what this process knows', async () => {
    const { one, clock } = open();
    const spent = () => one.front.spent('s').catch((error: { code?: string }) => error.code);
    await one.claim(question(1));
    one.link = 'refuses';
    expect(await spent()).toBe('IDV_LEDGER_UNAVAILABLE'); // the store may answer the next time
    await one.lose();
    expect(await spent()).toEqual({ callsToday: 1, callsThisMonth: 1 });
    await one.claim(question(2));
    expect(await spent()).toEqual({ callsToday: 2, callsThisMonth: 2 });
    clock.jump(DAY);
    expect(await spent()).toEqual({ callsToday: 0, callsThisMonth: 2 });
    await expect(one.front.spent('another')).rejects.toMatchObject({ code: 'IDV_LEDGER_UNAVAILABLE' });
  });
});
