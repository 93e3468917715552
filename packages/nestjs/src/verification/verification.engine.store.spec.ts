import { describe, expect, it } from '@jest/globals';
import { LedgerKeys } from '../ledger/ledger.keys.js';
import type { ClaimAnswer, ClaimRequest, Ledger, Settlement } from '../ledger/ledger.port.js';
import { questionClaim } from '../ledger/question.claim.js';
import { MemoryLedger } from '../ledger/memory.ledger.js';
import { ManualClock } from '../testing/manual.clock.js';
import { Flight } from './flight.registry.js';
import { QuestionAsker, type Question } from './question.asker.js';
import { QuestionTrace } from './question.trace.js';
import type { Verification } from './verification.types.js';
import {
  answered,
  codeOf,
  failed,
  open,
  otherPerson,
  person,
  remote,
  slow,
  thirdPerson,
  unsent,
} from './verification.engine.fixture.js';

describe('an engine with a store that other processes use too', () => {
  it('waits for the call of another instance, and returns its answer', async () => {
    const clock = new ManualClock();
    const ledger = new MemoryLedger({ clock });
    const here = open({ clock, ledger: () => ledger });
    const there = open({ clock, ledger: () => ledger });
    const leading = there.engine.verify(person);
    const following = here.engine.verify(person);
    await clock.advance(500);
    expect([here.asked.length, there.asked.length]).toEqual([0, 1]);
    there.asked[0]!.answer(answered());
    await clock.advance(50);
    expect([(await leading).source, (await following).source]).toEqual(['upstream', 'ledger']);
    expect(clock.pending).toBe(0);
  });

  it('stops waiting for another instance at the deadline, or when the caller leaves', async () => {
    const clock = new ManualClock();
    const ledger = new MemoryLedger({ clock });
    void open({ clock, ledger: () => ledger }).engine.verify(person);
    const { engine, asked } = open({ clock, ledger: () => ledger, options: { deadlineMs: 1_000 } });
    const late = codeOf(engine.verify(person));
    await clock.advance(1_000);
    expect(await late).toBe('IDV_TIMEOUT');
    const impatient = new AbortController();
    const gone = codeOf(engine.verify(person, { signal: impatient.signal }));
    await clock.advance(10);
    impatient.abort();
    await clock.advance(0);
    expect(await gone).toBe('IDV_ABORTED');
    expect(asked).toHaveLength(0);
  });

  it('holds a question in doubt for lifetimes.unknownMs when the asking instance dies', async () => {
    const clock = new ManualClock();
    const ledger = new MemoryLedger({ clock });
    void open({ clock, ledger: () => ledger }).engine.verify(person); // never ends
    const { engine, asked } = open({ clock, ledger: () => ledger, options: { lifetimes: { unknownMs: 90_000 } } });
    const dead = open({ clock, ledger: () => ledger, options: { lifetimes: { unknownMs: 90_000 } } });
    void dead.engine.verify(otherPerson);
    await clock.advance(17_000); // deadline plus margin: the leases have expired
    await expect(engine.verify(person)).rejects.toMatchObject({ code: 'IDV_IN_DOUBT', retryAfterMs: 60_000 });
    await expect(engine.verify(otherPerson)).rejects.toMatchObject({ code: 'IDV_IN_DOUBT', retryAfterMs: 90_000 });
    await clock.advance(60_000);
    void engine.verify(person);
    await clock.advance(0);
    expect(asked).toHaveLength(1);
  });

  describe('when the ledger cannot record an answer', () => {
    const down = () => Promise.reject(new Error('down'));

    async function unrecorded() {
      const clock = new ManualClock();
      const memory = new MemoryLedger({ clock });
      const store = { ...remote(memory), settle: down as Ledger['settle'] };
      const opened = open({ clock, ledger: () => store });
      const verified = opened.engine.verify(person);
      await clock.advance(0);
      opened.asked[0]!.answer(answered());
      expect((await verified).outcome).toBe('match');
      return { ...opened, memory, store, recover: () => (store.settle = remote(memory).settle) };
    }

    it('returns it, and records it as soon as the ledger is back', async () => {
      const { engine, clock, asked, results, recover } = await unrecorded();
      await clock.advance(1_750); // tries after 250, 750 and 1,750 ms
      recover();
      await clock.advance(1_000);
      expect(results).toEqual(['written']);
      expect(await engine.verify(person)).toMatchObject({ source: 'ledger', outcome: 'match' });
      expect([asked.length, clock.pending]).toEqual([1, 0]);
    });

    it('gives up when the ledger no longer holds the intent', async () => {
      const { engine, clock, results } = await unrecorded();
      await clock.advance(200_000);
      expect([results, clock.pending]).toEqual([['lost'], 0]);
      await engine.close(1_000);
    });

    it('records it at the end of a shutdown', async () => {
      const { engine, memory, results, recover } = await unrecorded();
      recover();
      await engine.close(1_000);
      expect([results, memory.spent('default')]).toEqual([['written'], { callsToday: 1, callsThisMonth: 1 }]);
    });

    it('does not record it for a person who was forgotten meanwhile, even if the ledger could not forget', async () => {
      const { engine, clock, results, store, memory, recover } = await unrecorded();
      store.forget = down;
      expect(await codeOf(engine.forget({ mobile: person.mobile }))).toBe('IDV_LEDGER_UNAVAILABLE');
      recover();
      store.forget = remote(memory).forget;
      await clock.advance(60_000);
      expect(results).toEqual([]);
      expect(await engine.forget({ mobile: person.mobile })).toBeGreaterThan(0);
    });
  });

  it('refuses when the ledger is down, because no budget can be enforced', async () => {
    const down = () => Promise.reject(new Error('redis://:secret@host is down'));
    const { engine, asked, clock } = open({
      ledger: () => ({
        claim: down,
        settle: down,
        release: down,
        forget: down,
        spent: down,
        latch: down,
        reopen: down,
        scopes: down,
      }),
    });
    const refused = engine.verify(person);
    await expect(refused).rejects.toMatchObject({
      code: 'IDV_LEDGER_UNAVAILABLE',
      message: expect.not.stringContaining('secret'),
    });
    await clock.advance(0);
    expect(asked).toHaveLength(0);
  });

  it('does not join a flight with an older answer when maxAgeMs is 0', async () => {
    const clock = new ManualClock();
    const memory = new MemoryLedger({ clock });
    // A remote ledger answers asynchronously.
    const { engine, asked } = open({ clock, ledger: () => remote(memory) });
    const before = engine.verify(person);
    await clock.advance(0);
    asked[0]!.answer(answered());
    await before;
    const anyAge = engine.verify(person);
    const fresh = engine.verify(person, { maxAgeMs: 0 });
    await clock.advance(0);
    expect((await anyAge).source).toBe('ledger');
    await clock.advance(0);
    asked[1]!.answer(answered('mismatch'));
    expect(await fresh).toMatchObject({ outcome: 'mismatch', source: 'upstream' });
  });

  it('makes a new call with repeatInDoubt, even after joining a flight without it', async () => {
    const clock = new ManualClock();
    const { engine, asked } = open({ clock, ledger: () => remote(new MemoryLedger({ clock })) });
    const lost = codeOf(engine.verify(person));
    await clock.advance(0);
    asked[0]!.answer(failed('IDV_CONNECTION_LOST'));
    await lost;
    const timid = codeOf(engine.verify(person));
    const insisting = engine.verify(person, { repeatInDoubt: true });
    await clock.advance(0);
    expect(await timid).toBe('IDV_IN_DOUBT');
    await clock.advance(0);
    asked[1]!.answer(answered());
    expect((await insisting).outcome).toBe('match');
  });

  it('keeps no reservation for a claim that was granted too late', async () => {
    const clock = new ManualClock();
    const memory = new MemoryLedger({ clock });
    const slow: Ledger = {
      ...remote(memory),
      claim: (request) => new Promise((resolve) => clock.schedule(() => resolve(memory.claim(request)), 60)),
    };
    const { engine, asked } = open({ clock, ledger: () => slow, options: { budget: { callsPerDay: 3 } } });
    for (const one of [person, otherPerson, thirdPerson]) {
      const late = codeOf(engine.verify(one));
      await clock.advance(100);
      expect(await late).toBe('IDV_LEDGER_UNAVAILABLE');
    }
    expect(asked).toHaveLength(0);
    expect(memory.spent('default').callsToday).toBe(0);
    expect(memory.claim(claimOf('q')).verdict).toBe('granted');
  });

  it.each([{ verdict: 'perhaps' }, {}])(
    'makes no call for a claim with an answer that there is not: %j',
    async (claim) => {
      const clock = new ManualClock();
      const store = { ...remote(new MemoryLedger({ clock })), claim: async () => claim as unknown as ClaimAnswer };
      const { engine, asked } = open({ clock, ledger: () => store });
      expect(await codeOf(engine.verify(person))).toBe('IDV_LEDGER_UNAVAILABLE');
      expect(asked).toHaveLength(0);
    },
  );

  it('waits less and less often for another process', async () => {
    const clock = new ManualClock();
    const began = clock.now();
    const at: number[] = [];
    const store: Ledger = {
      ...remote(new MemoryLedger({ clock })),
      claim: async () => {
        at.push(clock.now() - began);
        return { verdict: 'in_flight', leaseMs: 10_000 };
      },
    };
    const { engine } = open({ clock, ledger: () => store, options: { deadlineMs: 1_000 } });
    const late = engine.verify(person).catch((error: Error) => error.message);
    await clock.advance(1_000);
    expect(await late).toContain('the call of another process was still under way');
    expect(at).toEqual([0, 20, 60, 140, 300, 550, 800]);
    expect(clock.pending).toBe(0);
  });

  it('waits for no other process once its caller has gone', async () => {
    const clock = new ManualClock();
    const store: Ledger = {
      ...remote(new MemoryLedger({ clock })),
      claim: slow(clock, 10, () => ({ verdict: 'in_flight' as const, leaseMs: 10_000 })),
    };
    const { engine } = open({ clock, ledger: () => store });
    const impatient = new AbortController();
    const gone = codeOf(engine.verify(person, { signal: impatient.signal }));
    await clock.advance(5);
    impatient.abort();
    await clock.advance(5);
    expect([await gone, clock.pending]).toEqual(['IDV_ABORTED', 0]);
  });

  it('waits for a claim until its deadline, even if the ledger could take longer', async () => {
    const clock = new ManualClock();
    const store: Ledger = { ...remote(new MemoryLedger({ clock })), claim: () => new Promise(() => undefined) };
    const { engine } = open({ clock, ledger: () => store, options: { deadlineMs: 30 } });
    let code: string | undefined;
    void codeOf(engine.verify(person)).then((ended) => (code = ended));
    await clock.advance(29);
    expect(code).toBeUndefined();
    await clock.advance(1);
    expect(code).toBe('IDV_LEDGER_UNAVAILABLE');
  });

  it('gives a claim back that was granted too late as soon as the ledger takes it', async () => {
    const clock = new ManualClock();
    const memory = new MemoryLedger({ clock });
    let isDown = true;
    const store: Ledger = {
      ...remote(memory),
      claim: slow(clock, 60, (request: ClaimRequest) => memory.claim(request)),
      release: async (grant) => {
        if (isDown) throw new Error('down');
        return memory.release(grant);
      },
    };
    const { engine } = open({ clock, ledger: () => store });
    const late = codeOf(engine.verify(person));
    await clock.advance(100);
    expect([await late, memory.spent('default').callsToday]).toEqual(['IDV_LEDGER_UNAVAILABLE', 1]);
    isDown = false;
    await clock.advance(1_000);
    expect(memory.spent('default').callsToday).toBe(0);
  });

  it.each(['settle', 'release'] as const)('keeps the end of a call if %s throws at once', async (method) => {
    const clock = new ManualClock();
    const memory = new MemoryLedger({ clock });
    const store = remote(memory);
    const works = store[method];
    store[method] = () => {
      throw new Error('down');
    };
    const { engine, asked, results } = open({ clock, ledger: () => store });
    const ended = codeOf(engine.verify(person));
    await clock.advance(0);
    asked[0]!.answer(method === 'settle' ? answered() : unsent('IDV_OVERLOADED'));
    expect(await ended).toBe(method === 'settle' ? 'answered' : 'IDV_OVERLOADED');
    expect(memory.spent('default').callsToday).toBe(1);
    Object.assign(store, { [method]: works });
    await clock.advance(1_000);
    expect(results).toEqual(['written']);
    expect(memory.spent('default').callsToday).toBe(method === 'settle' ? 1 : 0);
  });

  it('returns no answer before the ledger has it, and no error after the deadline', async () => {
    const clock = new ManualClock();
    const memory = new MemoryLedger({ clock });
    const settle = slow(clock, 40, (settlement: Settlement) => memory.settle(settlement));
    const { engine, asked } = open({
      clock,
      ledger: () => ({ ...remote(memory), settle }),
      options: { deadlineMs: 1_000 },
    });
    const ends: string[] = [];
    void engine.verify(person).then(({ outcome }) => ends.push(outcome));
    await clock.advance(0);
    asked[0]!.answer(answered());
    await clock.advance(39);
    expect(ends).toEqual([]);
    await clock.advance(1);
    expect(ends).toEqual(['match']);
    void codeOf(engine.verify(otherPerson)).then((code) => ends.push(code));
    await clock.advance(0);
    asked[1]!.signals.deadline.onStop(() => asked[1]!.answer(failed('IDV_CONNECTION_LOST')));
    await clock.advance(1_000);
    expect(ends).toEqual(['match', 'IDV_CONNECTION_LOST']);
  });

  it('holds on to no end of a call that is written', async () => {
    const clock = new ManualClock();
    const memory = new MemoryLedger({ clock });
    const settle = slow(clock, 40, (settlement: Settlement) => memory.settle(settlement));
    const { parts, telemetry, asked } = open({ clock, ledger: () => ({ ...remote(memory), settle }) });
    const asker = new QuestionAsker(parts);
    const { own } = parts.accounts;
    const keys = parts.keys.question(own.terms.scope, person);
    const question: Question = {
      identity: person,
      account: own,
      request: questionClaim(own.terms, parts.keys, person, keys, undefined, false),
      trace: new QuestionTrace(telemetry, {}),
      endsAt: clock.monotonic() + 1_000,
      sent: false,
    };
    const { promise } = new Flight<Verification>(question.endsAt, (flight) => asker.ask(question, flight));
    await clock.advance(0);
    asked[0]!.answer(answered());
    await clock.advance(39);
    expect(asker.isSettled).toBe(false);
    await clock.advance(1);
    await promise;
    expect(asker.isSettled).toBe(true);
  });

  it('returns the answer at the deadline while the ledger is still writing', async () => {
    const clock = new ManualClock();
    const memory = new MemoryLedger({ clock });
    const slow: Ledger = {
      ...remote(memory),
      settle: (settlement) => new Promise((resolve) => clock.schedule(() => resolve(memory.settle(settlement)), 40)),
    };
    const { engine, asked } = open({ clock, ledger: () => slow, options: { deadlineMs: 1_000 } });
    const verified = engine.verify(person);
    await clock.advance(990);
    asked[0]!.answer(answered());
    await clock.advance(10);
    expect((await verified).outcome).toBe('match');
    await clock.advance(40);
    expect((await engine.verify(person)).source).toBe('ledger');
  });
});

describe('during a pepper rotation', () => {
  const [a, b] = [
    { kid: 'a', secret: 'the pepper that was used until today' },
    { kid: 'b', secret: 'the pepper that is used from today on' },
  ];

  /** One process that can read the new pepper, and one that writes it. */
  function processes() {
    const clock = new ManualClock();
    const ledger = new MemoryLedger({ clock });
    const before = open({ clock, ledger: () => ledger, options: { pepper: [a, b] } });
    const after = open({ clock, ledger: () => ledger, options: { pepper: [b, a] } });
    return { clock, ledger, before, after };
  }

  it.each(['before', 'after'] as const)('pays once, whichever process asks first (%s)', async (first) => {
    const { clock, before, after } = processes();
    const [leader, follower] = first === 'before' ? [before, after] : [after, before];
    const leading = leader.engine.verify(person);
    const following = follower.engine.verify(person);
    await clock.advance(30);
    expect(follower.asked).toHaveLength(0);
    leader.asked[0]!.answer(answered());
    await clock.advance(300);
    expect((await leading).source).toBe('upstream');
    expect((await following).source).toBe('ledger');
    expect((await follower.engine.verify(person)).source).toBe('ledger');
  });

  it('shares doubts and subject windows in both directions', async () => {
    const { clock, before, after } = processes();
    const guess = async ({ engine, asked }: typeof before, name: string) => {
      const verified = codeOf(engine.verify({ ...person, name }));
      await clock.advance(0);
      asked.at(-1)?.answer(answered('mismatch'));
      return verified;
    };
    for (const [process, name] of [
      [before, '测试一'],
      [after, '测试二'],
      [before, '测试三'],
      [after, '测试四'],
    ] as const) {
      expect(await guess(process, name)).toBe('answered');
    }
    const lost = codeOf(before.engine.verify(person));
    await clock.advance(0);
    before.asked.at(-1)!.answer(failed('IDV_CONNECTION_LOST'));
    await lost;
    expect(await codeOf(after.engine.verify(person))).toBe('IDV_IN_DOUBT');
    for (const { engine } of [before, after])
      expect(await codeOf(engine.verify({ ...person, name: '测试五' }))).toBe('IDV_SUBJECT_LIMIT');
  });

  it('erases entries under both peppers', async () => {
    const { clock, ledger, before, after } = processes();
    for (const { engine, asked } of [before, after]) {
      const verified = engine.verify(person, { maxAgeMs: 0 });
      await clock.advance(0);
      asked[0]!.answer(answered());
      await verified;
    }
    await before.engine.forget({ idCard: person.idCard });
    const keys = new LedgerKeys([a, b]).question('default', person);
    expect(ledger.peek(keys)).toBeUndefined();
  });
});

const claimOf = (key: string) => ({
  scope: 'default',
  keys: [key],
  idKeys: ['i'],
  mobileKeys: ['m'],
  owner: 'o',
  leaseMs: 1,
  doubtMs: 1,
  maxAgeMs: undefined,
  repeatInDoubt: false,
  budget: { callsPerDay: 3 },
  subjectLimit: undefined,
});
