import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '../testing/manual.clock.js';
import { grantOf } from './ledger.gate.js';
import type { ClaimAnswer, ClaimRefusal, LedgerAnswer, Settlement } from './ledger.port.js';
import { ProcessMemory } from './process.memory.js';
import { DAY, LEASE, MINUTE, question } from './shared-store.fixture.js';

const GRANTED: ClaimAnswer = { verdict: 'granted', probe: false };
const LIFETIME = 5_000;
const limit = (perIdNumber: number, perMobile = 9) => ({
  subjectLimit: { perIdNumber, perMobile, windowMs: MINUTE },
});

function open({ instances = 1, maxEntries = 100 } = {}) {
  const clock = new ManualClock();
  const memory = new ProcessMemory({ clock, instances, maxEntries, lifetimeOf: () => LIFETIME });
  const answerOf = (ageMs = 0): LedgerAnswer => ({
    outcome: 'match',
    code: '10000',
    billed: 'yes',
    answeredAt: clock.now() - ageMs,
  });
  const settle = (request: ReturnType<typeof question>, result: Settlement['result']) =>
    memory.settle({ ...grantOf(request), result });
  const granted = (n: number, more: object = {}) => {
    const request = question(n, more);
    memory.learn(request, GRANTED);
    return request;
  };
  /** Asks without the store, as the fallback does. */
  const alone = (n: number, more: object = {}) => {
    const request = question(n, more);
    const answer = memory.claim(request);
    if (answer.verdict === 'granted') memory.mark(request);
    return { request, answer };
  };
  return {
    clock,
    memory,
    settle,
    granted,
    alone,
    answered: (ageMs?: number): Settlement['result'] => ({
      kind: 'answered',
      answer: answerOf(ageMs),
      ttlMs: LIFETIME,
      charged: true,
    }),
    hit: (ageMs?: number): ClaimAnswer => ({ verdict: 'hit', answer: answerOf(ageMs) }),
    claim: (n: number, more: object = {}) => memory.claim(question(n, more)),
  };
}
const refused = (reason: ClaimRefusal, retryAfterMs: number): ClaimAnswer => ({
  verdict: 'refused',
  reason,
  retryAfterMs,
});

describe('what the store said of a question', () => {
  it('answers for the rest of the lifetime of an answer', async () => {
    const { memory, clock, claim, hit } = open();
    const said = hit(1_000);
    memory.learn(question(1), said);
    await clock.advance(LIFETIME - 1_001);
    expect(claim(1)).toEqual(said);
    await clock.advance(1);
    expect(claim(1)).toMatchObject(GRANTED);
  });

  it('holds it back for the lease of another process, and then leaves it in doubt', async () => {
    const { memory, clock, claim } = open();
    memory.learn(question(1), { verdict: 'in_flight', leaseMs: 300 });
    await clock.advance(100);
    expect(claim(1)).toEqual({ verdict: 'in_flight', leaseMs: 200 });
    expect(claim(1, { repeatInDoubt: true })).toEqual({ verdict: 'in_flight', leaseMs: 200 });
    await clock.advance(200);
    expect(claim(1)).toEqual({ verdict: 'unknown', retryAfterMs: MINUTE });
    await clock.advance(MINUTE - 1);
    expect(claim(1)).toEqual({ verdict: 'unknown', retryAfterMs: 1 });
    await clock.advance(1);
    expect(claim(1)).toMatchObject(GRANTED);
  });

  it('leaves it in doubt for as long as the store does, unless it may be repeated', async () => {
    const { memory, clock, claim } = open();
    memory.learn(question(1), { verdict: 'unknown', retryAfterMs: 300 });
    memory.learn(question(2), { verdict: 'unknown', retryAfterMs: 300 });
    await clock.advance(100);
    expect(claim(1)).toEqual({ verdict: 'unknown', retryAfterMs: 200 });
    expect(claim(2, { repeatInDoubt: true })).toMatchObject(GRANTED);
    await clock.advance(200);
    expect(claim(1)).toMatchObject(GRANTED);
  });

  it.each<[reason: ClaimRefusal, same: object, other: object]>([
    ['same_parameter', {}, { keys: ['another'] }],
    [
      'subject_id_number',
      { keys: ['another'], mobileKeys: ['another'], ...limit(9) },
      { idKeys: ['another'], ...limit(9) },
    ],
    [
      'subject_mobile',
      { keys: ['another'], idKeys: ['another'], ...limit(9) },
      { mobileKeys: ['another'], ...limit(9) },
    ],
    ['latched', { keys: ['another'], idKeys: ['another'], mobileKeys: ['another'] }, { scope: 'another' }],
  ])('refuses what it is about, and nothing else, until then: %s', async (reason, same, other) => {
    const { memory, clock, claim } = open();
    memory.learn(question(1, limit(9)), refused(reason, 300));
    await clock.advance(100);
    expect(claim(1, same)).toEqual(refused(reason, 200));
    expect(claim(1, other)).toMatchObject(GRANTED);
    await clock.advance(200);
    expect(claim(1, { ...same, scope: 'third', keys: ['third'] })).toMatchObject(GRANTED);
  });

  it('does not refuse by the limit of a subject where none is set now', () => {
    const { memory, claim } = open();
    memory.learn(question(1, limit(9)), refused('subject_id_number', 300));
    expect([claim(1, limit(9)), claim(1)]).toMatchObject([{ reason: 'subject_id_number' }, GRANTED]);
  });

  it.each(['budget_day', 'budget_month', 'capacity'] as const)('is not refused again by %s', (reason) => {
    const { memory, claim } = open();
    memory.learn(question(1), refused(reason, 300));
    expect(claim(1)).toMatchObject(GRANTED);
  });

  it('is that an answer is there, before that another process refreshes it', () => {
    const { memory, claim, hit } = open();
    memory.learn(question(1), hit());
    memory.learn(question(1), { verdict: 'in_flight', leaseMs: 300 });
    expect(claim(1)).toEqual(hit());
    expect(claim(1, { maxAgeMs: 0 })).toEqual({ verdict: 'in_flight', leaseMs: 300 });
  });

  it('is over with a later answer of the store, and with an end of this process', async () => {
    const { memory, clock, claim, hit, alone, settle } = open();
    memory.learn(question(1), { verdict: 'unknown', retryAfterMs: 300 });
    memory.learn(question(1), hit());
    expect(claim(1, { maxAgeMs: 0 })).toMatchObject(GRANTED);
    memory.learn(question(2), { verdict: 'unknown', retryAfterMs: 300 });
    settle(alone(2, { repeatInDoubt: true }).request, { kind: 'unbilled' });
    expect(claim(2)).toMatchObject(GRANTED);
    memory.learn(question(3), { verdict: 'in_flight', leaseMs: 300 });
    await clock.advance(300);
    settle(alone(3, { repeatInDoubt: true }).request, { kind: 'unbilled' });
    expect(claim(3)).toMatchObject(GRANTED);
  });
});

describe('a grant of the store', () => {
  it.each<ClaimRefusal>(['same_parameter', 'subject_id_number', 'subject_mobile', 'latched'])(
    'shows that what was held back is over: %s',
    (reason) => {
      const { memory, granted, claim, settle } = open();
      memory.learn(question(1, limit(9)), refused(reason, MINUTE));
      settle(granted(1, limit(9)), { kind: 'unbilled' });
      expect(claim(1, limit(9))).toMatchObject(GRANTED);
    },
  );

  it('overrules a latch and a block of this process', () => {
    const { granted, claim, settle, answered, hit } = open();
    const latch = { name: 'quota', ms: MINUTE } as const;
    settle(granted(1), { kind: 'unbilled', blockMs: MINUTE, latch });
    expect(claim(2)).toMatchObject({ reason: 'latched' });
    const again = granted(1);
    expect(claim(1)).toEqual({ verdict: 'in_flight', leaseMs: LEASE });
    settle(again, answered());
    expect([claim(1), claim(2)]).toMatchObject([hit(), GRANTED]);
    settle(granted(3), { kind: 'unbilled', blockMs: MINUTE });
    expect(claim(3)).toMatchObject({ reason: 'same_parameter' });
    settle(granted(3), { kind: 'unbilled' });
    expect(claim(3)).toMatchObject(GRANTED);
  });

  it('overrules the subject limits as this process counts them', () => {
    const { granted, claim, settle, answered, hit } = open();
    const same = { idKeys: ['i'], mobileKeys: ['m'], ...limit(1, 1) };
    granted(1, same);
    settle(granted(2, same), answered());
    expect([claim(2, same), claim(3, same)]).toMatchObject([hit(), { reason: 'subject_id_number' }]);
  });

  it.each(['an answer', 'a doubt'])('that is taken back leaves what was known before: %s', (which) => {
    const { memory, granted, claim, settle, answered } = open();
    settle(granted(1), which === 'a doubt' ? { kind: 'in_doubt', ttlMs: MINUTE } : answered());
    const before = claim(1);
    memory.release(grantOf(granted(1, { maxAgeMs: 0, repeatInDoubt: true })));
    expect(before).toMatchObject({ verdict: which === 'a doubt' ? 'unknown' : 'hit' });
    expect(claim(1)).toEqual(before);
  });

  it('is not asked without the store where there is no room for it', async () => {
    const { granted, clock, claim } = open({ maxEntries: 1 });
    granted(1);
    granted(2);
    await clock.advance(1_000);
    expect(claim(2)).toEqual({ verdict: 'in_flight', leaseMs: LEASE - 1_000 });
    await clock.advance(LEASE - 1_000);
    expect(claim(2)).toEqual({ verdict: 'unknown', retryAfterMs: MINUTE });
    await clock.advance(MINUTE);
    expect(claim(2)).toMatchObject(GRANTED);
  });

  it('is not asked without the store while an earlier call of it is under way, nor when that has ended', async () => {
    const { granted, settle, answered, claim, clock } = open();
    const first = granted(1);
    await clock.advance(1_000);
    granted(1); // by a store that has lost the first
    expect(claim(1)).toEqual({ verdict: 'in_flight', leaseMs: LEASE });
    settle(first, answered());
    expect(claim(1)).toEqual({ verdict: 'in_flight', leaseMs: LEASE });
    await clock.advance(LEASE);
    expect(claim(1)).toEqual({ verdict: 'unknown', retryAfterMs: MINUTE });
  });
});

describe('a question that is asked without the store', () => {
  it('is under way, whatever the share of its subjects', () => {
    const { granted, alone } = open();
    const same = { idKeys: ['i'], ...limit(1) };
    granted(1, { idKeys: ['i'] });
    expect(alone(2, same).answer).toMatchObject(GRANTED);
    expect(alone(1, same).answer).toEqual({ verdict: 'in_flight', leaseMs: LEASE });
  });

  it.each(['idKeys', 'mobileKeys'])('has a share of the limit of its subjects: %s', async (name) => {
    const { alone, clock, memory } = open({ instances: 2 });
    const same = { [name]: ['x'], subjectLimit: { perIdNumber: 4, perMobile: 4, windowMs: MINUTE } };
    const reason = name === 'idKeys' ? 'subject_id_number' : 'subject_mobile';
    const first = alone(1, same);
    await clock.advance(1_000);
    expect([first.answer, alone(2, same).answer]).toMatchObject([GRANTED, GRANTED]);
    expect(alone(3, same).answer).toEqual(refused(reason, MINUTE - 1_000));
    // What was refused takes no room and no share.
    memory.release(grantOf(first.request));
    expect(memory.claim(question(3, { ...same, subjectLimit: undefined }))).toMatchObject(GRANTED);
    await clock.advance(MINUTE - 1_000);
    expect(alone(4, same).answer).toMatchObject(GRANTED);
  });

  it('has its share back when nothing was sent', () => {
    const { memory, alone } = open();
    const same = { idKeys: ['i'], ...limit(1) };
    const unsent = question(1, same);
    memory.claim(unsent);
    const mark = memory.mark(unsent);
    expect(alone(2, same).answer).toMatchObject({ reason: 'subject_id_number' });
    memory.unmark(mark);
    memory.release(grantOf(unsent));
    expect(alone(3, same).answer).toMatchObject(GRANTED);
  });

  it('is counted for each of as many subjects as there is room for, and after their windows for others', async () => {
    const { alone, settle, answered, clock } = open({ maxEntries: 2 });
    for (const round of [0, 10]) {
      for (const n of [1, 2, 3]) {
        const { request, answer } = alone(round + n, limit(1));
        expect(answer).toMatchObject(GRANTED);
        settle(request, answered());
      }
      expect(alone(round + 4, limit(1)).answer).toEqual(refused('capacity', 1_000));
      await clock.advance(MINUTE);
    }
  });

  it('is known to this process, although the store has not been told', () => {
    const { memory, alone, settle, answered, hit } = open();
    expect(memory.peek(question(1))).toBeUndefined();
    const { request } = alone(1, limit(1));
    expect(memory.peek(question(1, limit(1)))).toEqual({ verdict: 'in_flight', leaseMs: LEASE });
    settle(request, answered());
    expect(memory.peek(question(1))).toEqual(hit());
    expect(memory.peek(question(2, { idKeys: ['i1'], ...limit(1) }))).toBeUndefined();
    // A refusal is left to the store, which knows more.
    settle(alone(3).request, { kind: 'unbilled', latch: { name: 'quota', ms: MINUTE } });
    expect(memory.peek(question(4))).toBeUndefined();
  });
});

describe('what was held back beyond the room for it', () => {
  it('is dropped, the oldest first, and refuses everything for as long as it would have held', async () => {
    const { memory, clock, claim } = open({ maxEntries: 2 });
    for (const [n, retryAfterMs] of [100, 3_000, 2_000].entries()) {
      if (n === 2) expect(claim(9)).toMatchObject(GRANTED);
      memory.learn(question(n), { verdict: 'unknown', retryAfterMs });
      await clock.advance(10);
    }
    expect(claim(7)).toEqual(refused('capacity', 70));
    expect(claim(1)).toMatchObject({ verdict: 'unknown' });
    await clock.advance(69);
    expect(claim(7)).toEqual(refused('capacity', 1));
    await clock.advance(1);
    expect(claim(7)).toMatchObject(GRANTED);
  });

  it('refuses nothing if it was over, or if it is replaced by what the store says now', async () => {
    const { memory, clock, claim } = open({ maxEntries: 2 });
    memory.learn(question(1), { verdict: 'unknown', retryAfterMs: 100 });
    memory.learn(question(2), { verdict: 'unknown', retryAfterMs: MINUTE });
    memory.learn(question(2), { verdict: 'unknown', retryAfterMs: DAY });
    expect(claim(7)).toMatchObject(GRANTED);
    await clock.advance(100);
    memory.learn(question(3), { verdict: 'unknown', retryAfterMs: MINUTE });
    expect([claim(8), claim(2)]).toMatchObject([GRANTED, { verdict: 'unknown', retryAfterMs: DAY - 100 }]);
  });

  it('refuses until the last of what was dropped is over', async () => {
    const { memory, clock, claim } = open({ maxEntries: 1 });
    for (const [n, retryAfterMs] of [3_000, 1_000, 500].entries()) {
      memory.learn(question(n), { verdict: 'unknown', retryAfterMs });
    }
    await clock.advance(2_999);
    expect(claim(7)).toEqual(refused('capacity', 1));
  });
});

describe('the latch of this process', () => {
  const latch = { name: 'quota', ms: MINUTE } as const;

  it.each([
    ['of an end', true, false],
    ['that the store told of', false, true],
    ['of both', true, true],
    ['that is not closed', false, false],
  ])('is reopened in one scope, and says whether it was closed: one %s', (_title, isOwn, isTold) => {
    const { memory, clock, granted, settle, claim } = open();
    for (const scope of ['s', 'other']) {
      if (isOwn) settle(granted(1, { scope, keys: [scope] }), { kind: 'unbilled', latch });
      if (isTold) memory.learn(question(1, { scope }), refused('latched', MINUTE));
    }
    expect(memory.latch('s')).toEqual(isOwn ? { name: 'quota', until: clock.now() + MINUTE } : undefined);
    expect([memory.reopen('s'), memory.reopen('s')]).toEqual([isOwn || isTold, false]);
    const expected = isOwn || isTold ? { reason: 'latched' } : GRANTED;
    expect([claim(5), claim(6, { scope: 'other' })]).toMatchObject([GRANTED, expected]);
  });

  it('is looked for in every scope that this process knows', () => {
    const { memory, granted } = open();
    granted(1, { scope: 'a' });
    granted(2, { scope: 'b' });
    expect(memory.scopes()).toEqual(['a', 'b']);
  });
});

describe('erasing a person', () => {
  it.each([
    ['the keys of the question', { idKeys: [], mobileKeys: [] }],
    ['the ID number', { keys: [], mobileKeys: [] }],
    ['the mobile', { keys: [], idKeys: [] }],
  ])('erases what was asked and answered here, by %s', (_title, named) => {
    const { memory, alone, settle, answered, claim } = open();
    settle(alone(1, limit(1)).request, answered());
    expect(claim(1)).toMatchObject({ verdict: 'hit' });
    const { scope, keys, idKeys, mobileKeys } = question(1, named);
    expect(memory.forget({ scope, keys, idKeys, mobileKeys })).toBeGreaterThan(0);
    expect(claim(1)).toMatchObject(GRANTED);
    expect(memory.forget({ scope, keys: [], idKeys: [], mobileKeys: [] })).toBe(0);
  });

  it('gives a share of the subject limit back', () => {
    const { memory, alone, settle, answered } = open({ instances: 2 });
    const same = { idKeys: ['i'], ...limit(3) };
    settle(alone(1, same).request, answered());
    expect(alone(2, same).answer).toMatchObject({ reason: 'subject_id_number' });
    memory.forget({ scope: 's', keys: [], idKeys: ['i'], mobileKeys: [] });
    expect(alone(3, same).answer).toMatchObject(GRANTED);
  });

  it.each([
    ['same_parameter', { keys: ['q1'] }],
    ['subject_id_number', { idKeys: ['i1'] }],
    ['subject_mobile', { mobileKeys: ['m1'] }],
  ] as const)('erases what the store had held back: %s', (reason, named) => {
    const { memory, claim } = open();
    memory.learn(question(1, limit(9)), refused(reason, MINUTE));
    memory.forget({ scope: 's', keys: [], idKeys: [], mobileKeys: [], ...named });
    expect(claim(1, limit(9))).toMatchObject(GRANTED);
  });
});
