import { describe, expect, it } from '@jest/globals';
import type { Settlement } from './ledger.port.js';
import { answered, DAY, LEASE, MINUTE, open, question } from './shared-store.fixture.js';

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
});
