import { describe, expect, it } from '@jest/globals';
import { DAY, MINUTE, open, question } from './shared-store.fixture.js';

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
});
