import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '../testing/manual.clock.js';
import { grantOf, LedgerGate } from './ledger.gate.js';
import type { CallBudget, Settlement } from './ledger.port.js';
import { LocalFallback } from './local.fallback.js';
import { MemoryLedger } from './memory.ledger.js';
import { answered, DAY, LEASE, MINUTE, open, question, type Instance } from './shared-store.fixture.js';
import { StoreBreaker } from './store.breaker.js';

const GRANTED = expect.objectContaining({ verdict: 'granted' });

describe('LocalFallback, questions', () => {
  it('answers from what this process was told, and pays for nothing twice', async () => {
    const { one, other, clock } = open(2);
    const [own, foreign, unsettled] = [question(1), question(2), question(3)];
    await one.claim(own);
    await one.settle(own, answered(clock));
    await other.claim(foreign);
    await other.settle(foreign, answered(clock));
    await one.claim(question(2)); // a hit
    await one.claim(unsettled);
    await one.lose();
    for (const n of [1, 2]) expect(await one.claim(question(n))).toMatchObject({ verdict: 'hit' });
    expect(await one.claim(question(3))).toMatchObject({ verdict: 'in_flight' });
    await one.settle(unsettled, answered(clock));
    expect(await one.claim(question(3))).toMatchObject({ verdict: 'hit' });
  });

  it('counts the age of an answer that another process was given from its time', async () => {
    const { one, other, clock } = open(2);
    const foreign = question(1);
    await other.claim(foreign);
    await other.settle(foreign, answered(clock));
    await clock.advance(1_000);
    await one.claim(question(1));
    await one.lose();
    await clock.advance(1_000);
    expect(await one.claim(question(1, { maxAgeMs: 2_001 }))).toMatchObject({ verdict: 'hit' });
    expect(await one.claim(question(1, { maxAgeMs: 2_000 }))).toEqual(GRANTED);
  });

  it('does not ask what another process was asking, and holds it in doubt after the lease', async () => {
    const { one, other, clock } = open(2);
    await other.claim(question(1));
    expect(await one.claim(question(1))).toMatchObject({ verdict: 'in_flight' });
    await one.lose();
    expect(await one.claim(question(1))).toMatchObject({ verdict: 'in_flight' });
    await clock.advance(LEASE);
    expect(await one.claim(question(1))).toMatchObject({ verdict: 'unknown' });
    await clock.advance(MINUTE);
    expect(await one.claim(question(1))).toEqual(GRANTED);
  });

  it('keeps doubts, blocks, latches and subject limits that it was told of', async () => {
    const { one, other, clock } = open(2);
    const limited = { subjectLimit: { perIdNumber: 1, perMobile: 9, windowMs: MINUTE } };
    const ends: Settlement['result'][] = [
      { kind: 'in_doubt', ttlMs: MINUTE },
      { kind: 'unbilled', blockMs: MINUTE },
      answered(clock),
    ];
    for (const [n, result] of ends.entries()) {
      const asked = question(n, n === 2 ? limited : {});
      await other.claim(asked);
      await other.settle(asked, result);
    }
    const further = () => question(9, { ...limited, idKeys: ['i2'] });
    const claims = [() => question(0), () => question(1), further];
    const expected = [{ verdict: 'unknown' }, { reason: 'same_parameter' }, { reason: 'subject_id_number' }];
    for (const [n, claim] of claims.entries()) expect(await one.claim(claim())).toMatchObject(expected[n]!);
    const last = question(4);
    await other.claim(last);
    await other.settle(last, { kind: 'unbilled', latch: { name: 'quota', ms: 2 * MINUTE } });
    expect(await one.claim(question(5))).toMatchObject({ reason: 'latched' });
    await one.lose();
    for (const n of [0, 1]) expect(await one.claim(claims[n]!())).toMatchObject(expected[n]!);
    for (const asked of [question(0, { repeatInDoubt: true }), further()])
      expect(await one.claim(asked)).toMatchObject({ reason: 'latched' });
    await one.front.reopen('s').catch(() => undefined);
    expect(await one.claim(further())).toMatchObject({ reason: 'subject_id_number' });
    expect(await one.claim(question(0, { repeatInDoubt: true }))).toEqual(GRANTED);
    await clock.advance(MINUTE);
    expect(await one.claim(question(1))).toEqual(GRANTED);
  });

  it.each([
    [3, 5, 1],
    [2, 5, 2],
    [8, 5, 1],
  ])('divides a subject limit: of %d instances and %d questions, each asks %d', async (instances, limit, each) => {
    const { all } = open(instances);
    const subjectLimit = { perIdNumber: limit, perMobile: limit, windowMs: DAY };
    let granted = 0;
    for (const [i, instance] of all.entries()) {
      await instance.lose();
      for (let n = 0; n < limit; n++) {
        const answer = await instance.claim(question(100 * i + n, { subjectLimit, idKeys: ['i'] }));
        if (typeof answer === 'object' && answer.verdict === 'granted') granted++;
        else expect(answer).toMatchObject({ reason: 'subject_id_number' });
      }
    }
    expect(granted).toBe(instances * each);
  });

  it('counts what this process asked through the store against the whole subject limit', async () => {
    const { one } = open();
    const subjectLimit = { perIdNumber: 3, perMobile: 9, windowMs: DAY };
    for (const n of [1, 2]) await one.claim(question(n, { subjectLimit, idKeys: ['i'] }));
    await one.lose();
    expect(await one.claim(question(3, { subjectLimit, idKeys: ['i'] }))).toEqual(GRANTED);
    expect(await one.claim(question(4, { subjectLimit, idKeys: ['i'] }))).toMatchObject({ verdict: 'refused' });
  });

  it('gives the share back of what was not sent', async () => {
    const { one } = open();
    const terms = { budget: { callsPerDay: 1 }, subjectLimit: { perIdNumber: 1, perMobile: 1, windowMs: DAY } };
    await one.front.spent('s');
    await one.lose();
    for (let n = 0; n < 3; n++) {
      const unsent = question(n, { ...terms, idKeys: ['i'] });
      expect(await one.claim(unsent)).toEqual(GRANTED);
      await one.release(unsent);
    }
  });

  it('refuses rather than forgets what it was told, when that is too much', async () => {
    const { one, other } = open(2, 10);
    for (let n = 0; n < 12; n++) {
      await other.claim(question(n));
      await one.claim(question(n));
    }
    await one.lose();
    expect(await one.claim(question(0))).toMatchObject({ reason: 'capacity' });
  });

  it('does not give a late grant back under which it is asking', async () => {
    const { one, store, clock } = open();
    const [asked, gone] = [question(1), question(2)];
    await one.lose('hangs');
    await clock.advance(250);
    expect(await one.claim(asked)).toEqual(GRANTED); // sent as a probe, and granted here after the deadline
    one.connect();
    await clock.advance(0);
    expect(store.claim(question(1))).toMatchObject({ verdict: 'in_flight' });
    await one.settle(asked, answered(clock));
    await one.comeBack();
    expect([store.claim(question(1)), store.spent('s').callsToday]).toMatchObject([{ verdict: 'hit' }, 1]);
    expect(one.front.isLocal).toBe(false);
    // What was refused is given back, as without a fallback.
    one.link = 'hangs';
    expect(await one.claim(gone)).toBe('IDV_LEDGER_UNAVAILABLE');
    one.connect();
    await clock.advance(0);
    expect(store.spent('s').callsToday).toBe(1);
  });

  it('is answered by a ledger that has the answer in the memory of this process', async () => {
    const clock = new ManualClock();
    const store = new MemoryLedger({ clock });
    const breaker = new StoreBreaker(clock);
    const gate = new LedgerGate(store, clock, 50, breaker);
    const front = new LocalFallback({ clock, gate, breaker, instances: 1, maxEntries: 9, lifetimeOf: () => DAY });
    const asked = question(1);
    const result = answered(clock) as Extract<Settlement['result'], { kind: 'answered' }>;
    store.claim(asked);
    store.settle({ ...grantOf(asked), result });
    expect([front.peek(asked.keys, undefined), front.peek(['another'], undefined)]).toEqual([result.answer, undefined]);
    await clock.advance(1);
    expect(front.peek(asked.keys, 1)).toBeUndefined();
  });

  it.each<[title: string, budget: CallBudget, refused: unknown]>([
    ['because what is spent is not known', { callsPerDay: 9 }, 'IDV_LEDGER_UNAVAILABLE'],
    ['because the budget is used up', { callsPerDay: 0 }, expect.objectContaining({ reason: 'budget_day' })],
  ])(
    'gives back what the store may have granted to a claim that is refused here, %s',
    async (_title, budget, refused) => {
      const { one, store, clock } = open();
      if (budget.callsPerDay === 0) await one.front.spent('s');
      await one.lose('loses');
      const { claim } = store;
      store.claim = (request) => claim.call(store, { ...request, budget: {} });
      expect(await one.claim(question(1, { budget }))).toEqual(refused);
      await clock.advance(0);
      expect([store.spent('s').callsToday, store.claim(question(1)).verdict]).toEqual([0, 'granted']);
    },
  );

  it('gives back nothing that was not sent to the store', async () => {
    const { one, store, clock } = open();
    const released: unknown[] = [];
    store.release = (grant) => released.push(grant) > 0;
    await one.lose('hangs');
    expect(await one.front.claim(question(1, { budget: { callsPerDay: 1 } })).catch(() => 'refused')).toBe('refused');
    const granted = question(2);
    expect(await one.front.claim(granted)).toEqual(GRANTED);
    expect(await one.front.release(grantOf(granted))).toBe(true); // although the store hangs
    expect(await one.front.claim(question(2))).toEqual(GRANTED);
    one.connect();
    await clock.advance(0);
    expect(released).toEqual([]);
  });

  it('takes a grant back in the store too, if the store may have granted it', async () => {
    const { one, store } = open();
    await one.lose('loses');
    const asked = question(1);
    expect(await one.claim(asked)).toEqual(GRANTED);
    expect(store.spent('s').callsToday).toBe(1);
    one.connect();
    expect(await one.front.release(grantOf(asked))).toBe(true);
    expect(store.spent('s').callsToday).toBe(0);
    expect(await one.claim(question(1))).toEqual(GRANTED);
  });

  it('gives a share of a subject limit back once, although the store is told again and again', async () => {
    const { one, clock } = open(2);
    const same = { idKeys: ['i'], subjectLimit: { perIdNumber: 2, perMobile: 9, windowMs: MINUTE }, maxAgeMs: 0 };
    await one.lose();
    const [first, unsent, last] = [question(1, same), question(1, same), question(1, same)];
    await one.claim(first);
    await one.settle(first, answered(clock));
    await clock.advance(30_000);
    expect(await one.claim(unsent)).toEqual(GRANTED);
    await one.release(unsent); // kept, because the store refuses it too
    await clock.advance(10_000);
    expect(await one.claim(last)).toEqual(GRANTED);
    await one.settle(last, answered(clock));
    await clock.advance(30_000); // the window of the first has ended, and that of the last has not
    expect(await one.claim(question(2, same))).toMatchObject({ reason: 'subject_id_number' });
  });
});

describe('LocalFallback, latches', () => {
  const latch = { name: 'quota', ms: MINUTE } as const;
  const rejected = (seen: Promise<unknown>) => seen.catch((error: { code?: string }) => error.code);

  /** What this process ended, and the store did not. */
  async function closed(one: Instance): Promise<void> {
    const asked = question(1);
    await one.lose();
    await one.claim(asked);
    await one.settle(asked, { kind: 'unbilled', latch });
  }

  it('are those of the store, and without it those of this process', async () => {
    const { one, other, clock } = open(2);
    const elsewhere = question(9);
    await other.claim(elsewhere);
    await other.settle(elsewhere, { kind: 'unbilled', latch: { name: 'access', ms: MINUTE } });
    const until = clock.now() + MINUTE;
    expect(await one.front.latch('s')).toEqual({ name: 'access', until });
    one.link = 'refuses';
    expect(await rejected(one.front.latch('s'))).toBe('IDV_LEDGER_UNAVAILABLE');
    await closed(one);
    expect(await one.front.latch('s')).toEqual({ name: 'quota', until });
    expect(await one.front.latch('another')).toBeUndefined();
  });

  it.each([
    ['in the store alone', false, true],
    ['in this process alone', true, false],
    ['nowhere', false, false],
  ])('are reopened, and it is said whether one was closed: %s', async (_title, isHere, isThere) => {
    const { one, other, clock, store } = open(2);
    if (isHere) {
      await closed(one);
      one.connect();
      await clock.advance(3_000); // written
      store.reopen('s');
    }
    if (isThere) {
      const asked = question(2);
      await other.claim(asked);
      await other.settle(asked, { kind: 'unbilled', latch });
    }
    expect(await one.front.reopen('s')).toBe(isHere || isThere);
    expect(await one.front.reopen('s')).toBe(false);
  });

  it('are looked for in the scopes of the store, and of this process', async () => {
    const { one, other } = open(2);
    for (const [n, scope] of ['s', 'there'].entries()) await other.claim(question(n, { scope }));
    await one.claim(question(2));
    expect(await one.front.scopes()).toEqual(['s', 'there']);
    await one.lose();
    await one.claim(question(3, { scope: 'here' }));
    expect(await rejected(one.front.scopes())).toBe('IDV_LEDGER_UNAVAILABLE');
    expect([...one.front.scopesInMemory()]).toEqual(['s', 'here']);
  });
});
