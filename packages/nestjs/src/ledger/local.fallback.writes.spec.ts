import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '../testing/manual.clock.js';
import { grantOf } from './ledger.gate.js';
import type { Settlement } from './ledger.port.js';
import { answered, DAY, LEASE, MINUTE, open, question } from './shared-store.fixture.js';

const GRANTED = expect.objectContaining({ verdict: 'granted' });

describe('LocalFallback, after the store is back', () => {
  it('writes answers, doubts, blocks and latches under another owner, and counts the calls', async () => {
    const { one, store, clock } = open();
    await one.lose();
    const ends: Settlement['result'][] = [
      answered(clock),
      { kind: 'in_doubt', ttlMs: MINUTE },
      { kind: 'unbilled', blockMs: MINUTE },
      { kind: 'unbilled' },
      { kind: 'unbilled', latch: { name: 'quota', ms: MINUTE } },
    ];
    for (const [n, result] of ends.entries()) {
      const asked = question(n);
      expect(await one.claim(asked)).toEqual(GRANTED);
      await one.settle(asked, result);
    }
    expect(store.spent('s').callsToday).toBe(0);
    await one.comeBack();
    expect(store.spent('s').callsToday).toBe(2);
    expect([0, 1, 2, 3].map((n) => store.claim(question(n)))).toMatchObject([
      { verdict: 'hit' },
      { verdict: 'unknown' },
      { reason: 'same_parameter' },
      { reason: 'latched' },
    ]);
    expect(one.results).toEqual(ends.map(() => 'written'));
    expect([await one.front.spent('s'), clock.pending]).toEqual([store.spent('s'), 0]);
  });

  it('keeps an answer for the rest of its lifetime only', async () => {
    const { one, store, clock } = open();
    const asked = question(1);
    await one.lose();
    await one.claim(asked);
    await one.settle(asked, answered(clock, MINUTE));
    await clock.advance(50_000);
    await one.comeBack();
    expect(store.claim(question(1))).toMatchObject({ verdict: 'hit' });
    await clock.advance(4_000);
    expect(store.claim(question(1))).toMatchObject({ verdict: 'granted' });
  });

  it('only counts a call whose answer is over, or of whose question the store has another', async () => {
    const { one, other, store, clock } = open(2);
    const [over, twice] = [question(1), question(2)];
    await one.lose();
    for (const asked of [over, twice]) await one.claim(asked);
    await one.settle(over, answered(clock, 1_000));
    await one.settle(twice, { ...answered(clock), answer: { ...answered(clock), outcome: 'mismatch' } } as never);
    const elsewhere = question(2);
    await other.claim(elsewhere);
    await other.settle(elsewhere, answered(clock));
    await clock.advance(MINUTE);
    await one.comeBack();
    expect(one.results).toEqual(['counted', 'counted']);
    expect(store.spent('s').callsToday).toBe(3);
    expect(store.claim(question(2))).toMatchObject({ verdict: 'hit', answer: { outcome: 'match' } });
    expect(await one.front.spent('s')).toEqual(store.spent('s'));
  });

  it('counts a call whose answer has no id, although the store has an equal one of another process', async () => {
    const { one, other, store, clock } = open(2);
    const [here, elsewhere] = [question(1), question(1)];
    await one.lose();
    await one.claim(here);
    await other.claim(elsewhere);
    for (const [process, asked] of [
      [one, here],
      [other, elsewhere],
    ] as const) {
      const result = answered(clock) as Extract<Settlement['result'], { kind: 'answered' }>;
      const { seqNo: _none, ...answer } = result.answer;
      await process.settle(asked, { ...result, answer });
    }
    await one.comeBack();
    expect(one.results).toEqual(['counted']);
    expect(store.spent('s').callsToday).toBe(2);
  });

  it('writes an answer to a call of the store after its intent is over, and counts the call once', async () => {
    const { one, store, clock } = open();
    const asked = question(1);
    await one.claim(asked);
    await one.lose();
    await one.settle(asked, answered(clock));
    await clock.advance(5 * MINUTE);
    await one.comeBack();
    expect([store.claim(question(1)).verdict, store.spent('s').callsToday]).toEqual(['hit', 1]);
    expect(one.results).toEqual(['written']);
  });

  it('counts a call once that was written by a try whose reply came too late', async () => {
    const { one, store, clock } = open();
    const [before, during] = [question(1), question(2)];
    await one.claim(before);
    await one.lose('hangs');
    await one.settle(before, answered(clock));
    await clock.advance(250);
    expect(await one.claim(during)).toEqual(GRANTED); // a probe, so its claim is in the store's queue
    await one.settle(during, answered(clock));
    await clock.advance(5_000); // tries that all wait in the queue
    await one.comeBack();
    expect([1, 2].map((n) => store.claim(question(n)).verdict)).toEqual(['hit', 'hit']);
    expect(store.spent('s').callsToday).toBe(2);
    one.link = 'loses';
    for (let n = 0; n < 3; n++) await one.front.spent('s').catch(() => undefined);
    const lost = question(3);
    expect(await one.claim(lost)).toEqual(GRANTED);
    await one.settle(lost, answered(clock));
    await clock.advance(5_000);
    await one.comeBack();
    expect([store.claim(question(3)).verdict, store.spent('s').callsToday]).toEqual(['hit', 3]);
  });

  it('waits for another process that is asking, and for a latch', async () => {
    const { one, other, store, clock } = open(2);
    const [asked, elsewhere] = [question(1), question(1)];
    await one.lose();
    await one.claim(asked);
    await one.settle(asked, answered(clock));
    await other.claim(elsewhere);
    await one.comeBack();
    expect(one.results).toEqual([]);
    await other.settle(elsewhere, { kind: 'unbilled', latch: { name: 'access', ms: 20_000 } });
    await clock.advance(10_000);
    expect(one.results).toEqual([]);
    // The latch's probe is left to a question that is sent.
    await clock.advance(11_000);
    expect([one.results, store.latch('s')]).toMatchObject([[], { name: 'access' }]);
    const probe = question(7);
    expect(await other.claim(probe)).toMatchObject({ probe: true });
    await other.settle(probe, answered(clock));
    await clock.advance(2_000);
    expect([one.results, store.claim(question(1))]).toMatchObject([['written'], { verdict: 'hit' }]);
  });

  it('does not ask the store for what it has not written yet', async () => {
    const { one, store, clock } = open();
    const [settled, underWay] = [question(1), question(2)];
    await one.lose();
    for (const asked of [settled, underWay]) await one.claim(asked);
    await one.settle(settled, answered(clock));
    one.connect();
    const another = question(3);
    await one.claim(another); // a grant shows that the store works
    await one.release(another);
    expect(one.front.isLocal).toBe(false);
    expect(await one.claim(question(1))).toMatchObject({ verdict: 'hit' });
    expect(await one.claim(question(2))).toMatchObject({ verdict: 'in_flight' });
    expect(store.spent('s').callsToday).toBe(0);
    await one.settle(underWay, answered(clock));
    expect(store.claim(question(2))).toMatchObject({ verdict: 'hit' });
  });

  it('counts on the day of the writing, and never for a month that is over', async () => {
    const { one, store, clock } = open();
    await one.lose();
    const asked = question(1);
    await one.claim(asked);
    await one.settle(asked, { kind: 'in_doubt', ttlMs: 1 });
    clock.jump(DAY);
    await one.comeBack();
    expect(store.spent('s')).toEqual({ callsToday: 1, callsThisMonth: 1 });
    await one.lose();
    const late = question(2);
    await one.claim(late);
    await one.settle(late, answered(clock));
    clock.jump(32 * DAY);
    await one.comeBack();
    expect(store.claim(question(2))).toMatchObject({ verdict: 'hit' });
    expect(store.spent('s')).toEqual({ callsToday: 0, callsThisMonth: 0 });
  });

  it('says that an end is written, and that it is not while another process is asking', async () => {
    const { one, other, store, clock } = open(2);
    const [first, second] = [question(1), question(2)];
    await one.lose();
    for (const asked of [first, second]) await one.claim(asked);
    await other.claim(question(2));
    one.connect();
    await one.claim(question(3)); // a grant shows that the store works
    expect(await one.front.settle({ ...grantOf(first), result: answered(clock) })).toBe(true);
    expect(store.claim(question(1))).toMatchObject({ verdict: 'hit' });
    await expect(one.front.settle({ ...grantOf(second), result: answered(clock) })).rejects.toMatchObject({
      code: 'IDV_LEDGER_UNAVAILABLE',
    });
  });

  it('has nothing to write of a call that the store never heard of, and that was not paid for', async () => {
    const { one, store, clock } = open();
    const asked = question(1);
    await one.lose('hangs');
    await one.front.claim(asked);
    expect(await one.front.settle({ ...grantOf(asked), result: { kind: 'unbilled' } })).toBe(true);
    expect(await one.front.claim(question(1))).toEqual(GRANTED);
    const told: unknown[] = [];
    store.claim = (request) => (told.push(request), { verdict: 'in_flight', leaseMs: 1 });
    await one.comeBack();
    expect([told, one.results, clock.pending]).toEqual([[], [], 0]);
  });

  it('writes an end of the store at once when the store is back', async () => {
    const { one, store, clock } = open();
    const asked = question(1);
    await one.claim(asked);
    await one.lose();
    await one.settle(asked, answered(clock));
    await one.comeBack();
    expect([one.results, store.claim(question(1)).verdict, store.spent('s').callsToday]).toEqual([
      ['written'],
      'hit',
      1,
    ]);
  });

  it('keeps an answer for the rest of its lifetime, after the intent that the store had of it', async () => {
    const { one, other, store, clock } = open(2);
    const asked = question(1);
    await one.claim(asked);
    await one.lose();
    await one.settle(asked, answered(clock, 3 * MINUTE));
    await clock.advance(2 * MINUTE);
    const elsewhere = question(1);
    expect(await other.claim(elsewhere)).toEqual(GRANTED);
    await other.release(elsewhere);
    await one.comeBack();
    expect([one.results, store.claim(question(1)).verdict]).toEqual([['written'], 'hit']);
    await clock.advance(MINUTE);
    expect(store.claim(question(1))).toMatchObject({ verdict: 'granted' });
  });

  it('loses a block of a call that the store granted, with its intent', async () => {
    const { one, clock } = open();
    const asked = question(1);
    await one.claim(asked);
    await one.lose();
    await one.settle(asked, { kind: 'unbilled', blockMs: DAY });
    await clock.advance(LEASE + MINUTE - 1);
    expect(one.results).toEqual([]);
    await clock.advance(1_001);
    expect([one.results, clock.pending]).toEqual([['lost'], 0]);
  });

  it.each<[title: string, Settlement['result']]>([
    ['a block', { kind: 'unbilled', blockMs: 5_000 }],
    ['a latch', { kind: 'unbilled', latch: { name: 'quota', ms: 5_000 } }],
    ['the longer of both', { kind: 'unbilled', blockMs: 5_000, latch: { name: 'quota', ms: 2_000 } }],
    ['a free answer', answered(new ManualClock(), 5_000, false)],
  ])('keeps an end that the store never heard of for as long as it says something: %s', async (_title, result) => {
    const { one, clock } = open();
    const asked = question(1);
    await one.lose('hangs');
    expect(await one.front.claim(asked)).toEqual(GRANTED);
    await one.settle(asked, result);
    one.link = 'refuses';
    await clock.advance(4_900);
    expect([one.results, clock.pending]).toEqual([[], 1]);
    await clock.advance(1_100);
    expect([one.results, clock.pending]).toEqual([['superseded'], 0]);
  });

  it('asks the store again when its own answer was given up', async () => {
    const { one, clock } = open();
    const asked = question(1);
    await one.lose();
    await one.claim(asked);
    await one.settle(asked, answered(clock));
    await one.writeBack.close(0);
    one.connect();
    await one.front.spent('s');
    expect([one.results, await one.claim(question(1))]).toEqual([['lost'], GRANTED]);
  });
});

describe('LocalFallback, forget', () => {
  it('reaches the memory, what is to be written, and the store; and still counts the call', async () => {
    const { one, store, clock } = open();
    const [kept, underWay] = [question(1), question(2)];
    await one.lose();
    for (const asked of [kept, underWay]) await one.claim(asked);
    await one.settle(kept, answered(clock));
    for (const asked of [kept, underWay]) expect(await one.forget(asked)).toBe('IDV_LEDGER_UNAVAILABLE');
    expect(await one.claim(question(1))).toEqual(GRANTED);
    await one.settle(underWay, answered(clock));
    expect(await one.claim(question(2))).toEqual(GRANTED);
    await one.comeBack();
    expect(store.spent('s').callsToday).toBe(2);
    for (const asked of [kept, underWay]) {
      const { scope, keys, idKeys, mobileKeys } = asked;
      expect(store.forget({ scope, keys, idKeys, mobileKeys })).toBe(0);
    }
    expect(one.results).toEqual(['counted', 'counted']);
  });

  it('erases by the ID number alone, and what the store had held back', async () => {
    const { one, other, clock } = open(2);
    await other.claim(question(1));
    await one.claim(question(1));
    await one.lose();
    const asked = question(2);
    await one.claim(asked);
    await one.settle(asked, answered(clock));
    for (const n of [1, 2]) await one.forget(question(n, { keys: n === 1 ? ['q1'] : [], mobileKeys: [] }));
    for (const n of [1, 2]) expect(await one.claim(question(n))).toEqual(GRANTED);
  });

  it.each([
    ['of another process alone', false],
    ['of this process', true],
  ])('returns how much was erased, in the store or here: %s', async (_title, isOwn) => {
    const { one, other, clock } = open(2);
    const asked = question(1);
    const by = isOwn ? one : other;
    await by.claim(asked);
    await by.settle(asked, answered(clock));
    expect(await one.forget(asked)).toBe(2);
    expect(await one.forget(asked)).toBe(0);
  });

  it('does not write the answer of a call during which the person was erased', async () => {
    const { one, store, clock } = open();
    const asked = question(1);
    await one.lose('loses'); // the store holds the intent
    expect(await one.claim(asked)).toEqual(GRANTED);
    one.link = 'refuses';
    await one.forget(asked);
    await one.settle(asked, answered(clock, DAY, false));
    await one.comeBack();
    expect([one.results, store.claim(question(1)).verdict]).toEqual([['counted'], 'in_flight']);
    await clock.advance(LEASE + MINUTE);
    expect(store.claim(question(1)).verdict).toBe('granted');
  });

  it('leaves of a call what is to be counted, without the question and the person', async () => {
    const { one } = open();
    const asked = question(1, { subjectLimit: { perIdNumber: 1, perMobile: 1, windowMs: DAY } });
    const { owner } = asked;
    await one.lose();
    await one.claim(asked);
    expect(one.front.uncounted(owner, true)).toBeUndefined();
    await one.forget(asked);
    const key = `uncounted.${owner}`;
    expect(one.front.uncounted(owner, true)).toEqual({
      request: { ...asked, keys: [key], idKeys: [], mobileKeys: [], subjectLimit: undefined },
      end: { scope: 's', key, owner, result: { kind: 'in_doubt', ttlMs: 1 } },
    });
    expect(one.front.uncounted('another', false)).toBeUndefined();
  });
});
