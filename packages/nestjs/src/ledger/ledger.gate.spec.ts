import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '../testing/manual.clock.js';
import { AnswerSeal } from './answer.seal.js';
import { grantOf, LedgerGate } from './ledger.gate.js';
import { LedgerKeys } from './ledger.keys.js';
import type {
  ClaimAnswer,
  ClaimRequest,
  ForgetRequest,
  Grant,
  Ledger,
  LedgerAnswer,
  Settlement,
} from './ledger.port.js';
import { MemoryLedger } from './memory.ledger.js';
import { StoreBreaker } from './store.breaker.js';

const GRANTED: ClaimAnswer = { verdict: 'granted', probe: false, spent: { callsToday: 1, callsThisMonth: 1 } };
const request: ClaimRequest = {
  scope: 's',
  keys: ['k'],
  idKeys: ['i'],
  mobileKeys: ['m'],
  owner: 'o',
  leaseMs: 1_000,
  doubtMs: 1_000,
  maxAgeMs: undefined,
  repeatInDoubt: false,
  budget: {},
  subjectLimit: undefined,
};

function open(claim: Ledger['claim']) {
  const clock = new ManualClock();
  const released: Grant[] = [];
  const ledger: Ledger = Object.assign(new MemoryLedger({ clock }), {
    claim,
    release: (grant: Grant) => released.push(grant) > 0,
  });
  return { clock, released, gate: new LedgerGate(ledger, clock, 50) };
}

function raise(): never {
  throw new Error('away');
}

/** A lazy thenable, as query builders return it: it starts when it is awaited. */
const thenable = <T>(run: () => T | Promise<T>): PromiseLike<T> => ({
  // oxlint-disable-next-line unicorn/no-thenable -- what is tested
  then: (resolve, reject) => Promise.resolve().then(run).then(resolve, reject),
});

describe('LedgerGate', () => {
  it('returns a synchronous answer without a timer', () => {
    const { gate, clock } = open(() => GRANTED);
    expect(gate.claim(request)).toBe(GRANTED);
    expect(clock.pending).toBe(0);
  });

  it.each([
    ['a promise', async () => GRANTED],
    ['a thenable', () => thenable(() => GRANTED)],
  ])('waits for %s, and clears its timer', async (_title, claim) => {
    const { gate, clock, released } = open(claim);
    const answer = gate.claim(request);
    expect(clock.pending).toBe(1);
    expect(await answer).toEqual(GRANTED);
    await clock.advance(100);
    expect([clock.pending, released]).toEqual([0, []]);
  });

  it.each([
    ['a promise', () => new Promise<never>(() => undefined)],
    ['a thenable', () => thenable(() => new Promise<never>(() => undefined))],
  ])('stops waiting for a hanging result after the timeout: %s', async (_title, claim) => {
    const { gate, clock } = open(claim);
    const seen = Promise.resolve(gate.claim(request)).catch((error: unknown) => error);
    await clock.advance(50);
    expect(await seen).toMatchObject({ code: 'IDV_LEDGER_UNAVAILABLE', message: expect.stringContaining('50 ms') });
  });

  it('waits at most until the deadline of the call', async () => {
    const { gate, clock } = open(() => new Promise(() => undefined));
    const seen = Promise.resolve(gate.claim(request, 10)).catch((error: unknown) => error);
    await clock.advance(10);
    expect(await seen).toMatchObject({ code: 'IDV_LEDGER_UNAVAILABLE' });
  });

  it('releases a late grant, and a claim that may have been granted before it failed', async () => {
    let grant: (answer: ClaimAnswer) => void = () => undefined;
    const { gate, clock, released } = open(() => new Promise((resolve) => (grant = resolve)));
    const late = Promise.resolve(gate.claim(request)).catch(() => 'late');
    await clock.advance(50);
    expect([await late, released]).toEqual(['late', []]);
    grant(GRANTED);
    await clock.advance(0);
    expect(released).toEqual([grantOf(request)]);

    const failing = open(() => Promise.reject(new Error('connection lost')));
    await Promise.resolve(failing.gate.claim(request)).catch(() => undefined);
    await failing.clock.advance(0);
    expect(failing.released).toEqual([grantOf(request)]);
  });

  it('says that a grant may be left over if its release fails as well', async () => {
    const clock = new ManualClock();
    const down = () => Promise.reject(new Error('connection lost'));
    const gate = new LedgerGate(Object.assign(new MemoryLedger({ clock }), { claim: down, release: down }), clock, 50);
    let left = 0;
    await Promise.resolve(gate.claim(request, Infinity, () => left++)).catch(() => undefined);
    await clock.advance(0);
    expect(left).toBe(1);
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('redis://user:secret@host');
      },
    ],
    ['rejects', () => Promise.reject(new Error('redis://user:secret@host'))],
    ['rejects as a thenable', () => thenable(() => Promise.reject(new Error('secret')))],
    [
      'has a `then` that throws',
      () => ({
        // oxlint-disable-next-line unicorn/no-thenable -- what is tested
        get then(): never {
          throw new Error('secret');
        },
      }),
    ],
  ])('does not expose the error of a store that %s', async (_title, claim) => {
    const { gate } = open(claim as Ledger['claim']);
    await expect((async () => gate.claim(request))()).rejects.toMatchObject({
      code: 'IDV_LEDGER_UNAVAILABLE',
      message: expect.not.stringContaining('secret'),
    });
  });
});

describe('the commands of a ledger', () => {
  const settlement: Settlement = { ...grantOf(request), result: { kind: 'in_doubt', ttlMs: 1 } };
  const person: ForgetRequest = { scope: 's', keys: ['k'], idKeys: ['i'], mobileKeys: ['m'] };
  /** What the ledger is told by each. */
  const run = {
    claim: [request, (gate: LedgerGate): unknown => gate.claim(request)],
    settle: [settlement, (gate: LedgerGate): unknown => gate.settle(settlement)],
    release: [grantOf(request), (gate: LedgerGate): unknown => gate.release(grantOf(request))],
    forget: [person, (gate: LedgerGate): unknown => gate.forget(person)],
    spent: ['s', (gate: LedgerGate): unknown => gate.spent('s')],
    latch: ['s', (gate: LedgerGate): unknown => gate.latch('s')],
    reopen: ['s', (gate: LedgerGate): unknown => gate.reopen('s')],
    scopes: [undefined, (gate: LedgerGate): unknown => gate.scopes()],
  } as const;
  const commands = Object.entries(run).map(([name, [told, call]]) => ({ name, told, call }));

  /** A ledger whose commands all do the same. */
  function openWith(each: (what: unknown) => unknown) {
    const clock = new ManualClock();
    const breaker = new StoreBreaker(clock);
    const ledger = Object.fromEntries(commands.map(({ name }) => [name, each]));
    return { clock, breaker, gate: new LedgerGate(ledger as unknown as Ledger, clock, 50, breaker) };
  }

  it.each(commands)('return what it returns, at once or later: $name', async ({ told, call }) => {
    const answer = { verdict: 'hit' };
    const heard: unknown[] = [];
    const note = (what: unknown) => (heard.push(what), answer);
    expect(await call(openWith(note).gate)).toBe(answer);
    expect(await call(openWith(async (what) => note(what)).gate)).toBe(answer);
    expect(heard).toEqual([told, told]);
  });

  it.each(commands)('reject when it fails: $name', async ({ call }) => {
    for (const fail of [() => Promise.reject(new Error('away')), raise]) {
      await expect((async () => call(openWith(fail).gate))()).rejects.toMatchObject({ code: 'IDV_LEDGER_UNAVAILABLE' });
    }
  });

  it.each(commands)('show that it works, however often: $name', async ({ call }) => {
    for (const answer of [false, true, undefined, { verdict: 'in_flight' }, GRANTED]) {
      const { gate, breaker } = openWith(() => answer);
      for (let n = 0; n < 3; n++) await call(gate);
      expect(breaker.state).toBe('available');
    }
  });

  it.each([
    ['claim', GRANTED, 'available'],
    ['claim', { verdict: 'in_flight', leaseMs: 1 }, 'unavailable'],
    ['claim', undefined, 'unavailable'],
    ['settle', true, 'available'],
    ['settle', false, 'unavailable'],
    ['release', true, 'available'],
    ['release', false, 'unavailable'],
    ['reopen', true, 'available'],
    ['reopen', false, 'unavailable'],
    ['forget', 1, 'unavailable'],
    ['spent', {}, 'unavailable'],
    ['latch', undefined, 'unavailable'],
    ['scopes', [], 'unavailable'],
  ] as const)('show that it can be written to when it has changed something: %s, %j', async (name, answer, state) => {
    for (const isRemote of [true, false]) {
      let isDown = true;
      const { gate, breaker } = openWith(() => {
        if (isDown) raise();
        return isRemote ? Promise.resolve(answer) : answer;
      });
      for (let n = 0; n < 3; n++) await gate.spent('s').catch(() => undefined);
      expect(breaker.state).toBe('unavailable');
      isDown = false;
      expect(await run[name][1](gate)).toEqual(answer);
      expect(breaker.state).toBe(state);
    }
  });

  it('have no answer of their own in memory', () => {
    const { gate } = openWith(raise);
    expect([...gate.scopesInMemory(), gate.peek(['k'], undefined)]).toEqual([undefined]);
  });

  it.each([
    [49, 'is still asked', [3, 1]],
    [50, 'is not asked for a while', [3, 0]],
  ])('of a ledger that waits for a lock for %d ms, and then throws: it %s', async (ms, _title, [before, after]) => {
    let elapsed = 1_000;
    let asked = 0;
    const clock = Object.assign(new ManualClock(), { monotonic: () => elapsed });
    const spent = () => {
      asked++;
      elapsed += ms;
      throw new Error('locked');
    };
    const gate = new LedgerGate({ spent } as unknown as Ledger, clock, 50, new StoreBreaker(clock));
    for (let n = 0; n < 3; n++) await gate.spent('s').catch(() => undefined);
    expect(asked).toBe(before);
    await gate.spent('s').catch(() => undefined);
    expect(asked - before!).toBe(after);
  });

  // Jest fails a test that leaves a rejection unhandled.
  it('may be answered after the deadline, without an effect', async () => {
    const late: ((how: 'answers' | 'fails') => void)[] = [];
    const answers = () =>
      new Promise((resolve, reject) =>
        late.push((how) => (how === 'answers' ? resolve({}) : reject(new Error('late')))),
      );
    const { gate, clock, breaker } = openWith(answers);
    for (let n = 0; n < 2; n++) {
      const seen = gate.spent('s').catch(() => 'late');
      await clock.advance(50);
      expect(await seen).toBe('late');
    }
    for (const each of late) each('fails');
    await clock.advance(0);
    expect(breaker.state).toBe('available'); // each has failed once
    const seen = gate.spent('s').catch(() => 'late');
    await clock.advance(50);
    late[2]!('answers');
    await clock.advance(0);
    expect([await seen, breaker.state]).toEqual(['late', 'unavailable']);
  });
});

describe('LedgerGate with a breaker', () => {
  function hanging() {
    const opened = open(() => new Promise(() => undefined));
    const breaker = new StoreBreaker(opened.clock);
    let sent = 0;
    const memory = new MemoryLedger({ clock: opened.clock });
    const hangs = () => (sent++, new Promise<never>(() => undefined));
    const ledger: Ledger = {
      claim: hangs,
      settle: hangs,
      release: hangs,
      forget: hangs,
      spent: hangs,
      latch: hangs,
      reopen: hangs,
      scopes: hangs,
    };
    const gate = new LedgerGate(ledger, opened.clock, 50, breaker);
    const claim = async (waitMs?: number) => gate.claim(request, waitMs);
    const fail = async (waitMs?: number) => {
      const seen = claim(waitMs).catch((error: unknown) => error);
      await opened.clock.advance(50);
      return seen;
    };
    return { ...opened, breaker, gate, ledger, memory, claim, fail, sent: () => sent };
  }

  it('sends nothing to a store that hung three times, and refuses without a wait', async () => {
    const { clock, claim, fail, gate, sent } = hanging();
    for (let n = 0; n < 3; n++) expect(await fail()).toMatchObject({ code: 'IDV_LEDGER_UNAVAILABLE' });
    const refused = { code: 'IDV_LEDGER_UNAVAILABLE', billed: 'no', retryAfterMs: 250, retryable: true };
    await expect(claim()).rejects.toMatchObject(refused);
    await expect(gate.spent('s')).rejects.toMatchObject(refused);
    expect([sent(), clock.pending]).toEqual([3, 0]);
  });

  it('still sends what ends a call', async () => {
    const { clock, fail, gate, sent } = hanging();
    for (let n = 0; n < 3; n++) await fail();
    const ends = [
      gate.settle({ ...grantOf(request), result: { kind: 'in_doubt', ttlMs: 1 } }),
      gate.release(grantOf(request)),
    ];
    const all = Promise.allSettled(ends.map((end) => Promise.resolve(end)));
    await clock.advance(50);
    expect([sent(), (await all).map(({ status }) => status)]).toEqual([5, ['rejected', 'rejected']]);
  });

  it('is back with the first question after the store answers again', async () => {
    const { clock, claim, fail, ledger, memory, breaker } = hanging();
    for (let n = 0; n < 3; n++) await fail();
    ledger.claim = async (each) => memory.claim(each);
    await clock.advance(250);
    expect(await claim()).toMatchObject({ verdict: 'granted' });
    expect([await claim(), breaker.state]).toMatchObject([{ verdict: 'in_flight' }, 'available']);
  });

  const ends = [
    ['settlement', (gate: LedgerGate) => gate.settle({ ...grantOf(request), result: { kind: 'in_doubt', ttlMs: 1 } })],
    ['release', (gate: LedgerGate) => gate.release(grantOf(request))],
  ] as const;

  it.each(ends)('does not blame the store for a %s that it tries for longer than the deadline', async (_title, end) => {
    const { clock, gate, breaker } = hanging();
    for (let n = 0; n < 5; n++) {
      const ended = Promise.resolve(end(gate)).catch(() => 'late');
      await clock.advance(50);
      expect(await ended).toBe('late');
    }
    expect(breaker.state).toBe('available');
  });

  it.each(ends)('sends one probe at a time, whatever becomes of a %s meanwhile', async (_title, end) => {
    const { clock, claim, fail, gate, sent } = hanging();
    for (let n = 0; n < 3; n++) await fail();
    await clock.advance(240);
    const ended = Promise.resolve(end(gate)).catch(() => 'late');
    await clock.advance(10);
    const probe = claim().catch(() => 'late'); // 10 ms after the other
    await clock.advance(40);
    expect([await ended, sent()]).toEqual(['late', 5]);
    await expect(claim()).rejects.toMatchObject({ code: 'IDV_LEDGER_UNAVAILABLE' });
    expect(sent()).toBe(5);
    await clock.advance(10);
    expect(await probe).toBe('late');
  });

  it('probes again and again, and in the next outage too', async () => {
    const { clock, claim, fail, ledger, memory, sent } = hanging();
    const { claim: hangs } = ledger;
    for (let outage = 0; outage < 2; outage++) {
      ledger.claim = hangs;
      for (let n = 0; n < 3; n++) await fail();
      const before = sent();
      await clock.advance(250);
      await fail(); // a probe, and the next is due after 500 ms
      await clock.advance(500);
      await fail();
      expect(sent()).toBe(before + 2);
      await clock.advance(1_000);
      ledger.claim = async (each) => memory.claim(each);
      expect(typeof (await claim())).toBe('object');
    }
  });

  it('does not blame the store for questions that had less time than it has', async () => {
    const { fail, breaker } = hanging();
    for (let n = 0; n < 10; n++) await fail(10);
    expect(breaker.state).toBe('available');
  });
});

describe('a ledger that others may write to', () => {
  const keys = new LedgerKeys([{ kid: '1', secret: 'a pepper that is long enough for this' }]);
  const key = 'v1.1.question';
  const question = { ...request, keys: [key] };
  const answer = { outcome: 'match', code: '10000', billed: 'yes', answeredAt: 1 } as const;
  const LIFETIME = 86_400_000;
  /** Long after an answer of this lifetime is over, whatever the clocks. */
  const MUCH_LATER = 3 * LIFETIME;

  function openSealed(kept: LedgerAnswer | undefined, isRemote: boolean, now = 2) {
    const clock = new ManualClock();
    const settled: Settlement[] = [];
    const hit = kept && ({ verdict: 'hit', answer: kept } as const);
    const ledger: Ledger = Object.assign(new MemoryLedger({ clock }), {
      peek: () => kept,
      claim: () => (isRemote ? Promise.resolve(hit ?? GRANTED) : (hit ?? GRANTED)),
      settle: (settlement: Settlement) => settled.push(settlement) > 0,
    });
    const breaker = new StoreBreaker(clock, () => undefined);
    const seal = new AnswerSeal(keys, { now: () => now }, () => LIFETIME);
    return { settled, breaker, gate: new LedgerGate(ledger, clock, 50, breaker, seal) };
  }

  it.each([true, false])('is believed when it returns what was settled; remote: %s', async (isRemote) => {
    const { gate, settled } = openSealed(undefined, isRemote);
    await gate.settle({ scope: 's', key, owner: 'o', result: { kind: 'answered', answer, ttlMs: 1, charged: true } });
    const [{ result }] = settled as [Settlement];
    const kept = result.kind === 'answered' ? result.answer : undefined;
    expect(kept).toEqual({ ...answer, seal: expect.stringMatching(/^[\w+/]{43}=$/) });
    const later = openSealed(kept, isRemote).gate;
    expect(await later.claim(question)).toMatchObject({ verdict: 'hit', answer });
    expect(later.peek([key], undefined)).toMatchObject(answer);
  });

  it.each([true, false])('is not believed when it returns a forged answer; remote: %s', async (isRemote) => {
    const { gate, breaker } = openSealed(answer, isRemote);
    const claimed = async () => gate.claim(question);
    for (let i = 0; i < 20; i++) {
      const refusal = {
        code: 'IDV_LEDGER_UNAVAILABLE',
        billed: 'no',
        message: expect.stringContaining('no valid seal'),
      };
      await expect(claimed()).rejects.toMatchObject(refusal);
      expect(() => gate.peek([key], undefined)).toThrow('no valid seal');
    }
    expect(breaker.state).toBe('available'); // nobody can switch a process to its own memory with it
  });

  it.each([true, false])('is not believed when it returns an answer that is over; remote: %s', async (isRemote) => {
    const { gate, settled } = openSealed(undefined, isRemote);
    await gate.settle({ scope: 's', key, owner: 'o', result: { kind: 'answered', answer, ttlMs: 1, charged: true } });
    const [{ result }] = settled as [Settlement];
    const kept = result.kind === 'answered' ? result.answer : undefined;
    const { gate: later, breaker } = openSealed(kept, isRemote, MUCH_LATER);
    for (let i = 0; i < 20; i++) {
      await expect((async () => later.claim(question))()).rejects.toMatchObject({
        code: 'IDV_LEDGER_UNAVAILABLE',
        billed: 'no',
        message: expect.stringContaining('beyond its lifetime'),
      });
      expect(later.peek([key], undefined)).toBeUndefined();
    }
    expect(breaker.state).toBe('available');
  });

  it('is asked again, for a younger answer, when lifetimes have become shorter', async () => {
    const clock = new ManualClock();
    const memory = new MemoryLedger({ clock });
    const asked: (number | undefined)[] = [];
    const ledger: Ledger = Object.assign(memory, {
      claim: (each: ClaimRequest) => {
        asked.push(each.maxAgeMs);
        return MemoryLedger.prototype.claim.call(memory, each);
      },
    });
    const gate = new LedgerGate(ledger, clock, 50, undefined, new AnswerSeal(keys, clock, () => LIFETIME));
    await gate.claim(question);
    const result = {
      kind: 'answered',
      answer: { ...answer, answeredAt: clock.now() },
      ttlMs: 2 * MUCH_LATER,
      charged: true,
    } as const;
    await gate.settle({ ...grantOf(question), result });
    await clock.advance(MUCH_LATER);
    for (const maxAgeMs of [undefined, MUCH_LATER + 1]) {
      asked.length = 0;
      const grant = await gate.claim({ ...question, maxAgeMs });
      expect(grant).toMatchObject({ verdict: 'granted' });
      expect(asked).toEqual([maxAgeMs, LIFETIME]);
      await gate.release(grantOf(question));
    }
    expect(await gate.claim({ ...question, maxAgeMs: 5 })).toMatchObject({ verdict: 'granted' });
  });

  it.each([true, false])('grants and refuses without a seal; remote: %s', async (isRemote) => {
    const { gate } = openSealed(undefined, isRemote);
    expect([await gate.claim(question), gate.peek([key], undefined)]).toEqual([GRANTED, undefined]);
  });

  it('has nothing to seal but answers', async () => {
    const { gate, settled } = openSealed(undefined, true);
    const end: Settlement = { scope: 's', key, owner: 'o', result: { kind: 'unbilled', blockMs: 1 } };
    await gate.settle(end);
    expect(settled).toEqual([end]);
  });
});

describe('a ledger that nobody else writes to', () => {
  it('keeps and returns answers without a seal', async () => {
    const clock = new ManualClock();
    const gate = new LedgerGate(new MemoryLedger({ clock }), clock, 50);
    const answer = { outcome: 'match', code: '10000', billed: 'yes', answeredAt: 1 } as const;
    await gate.claim(request);
    const result = { kind: 'answered', answer, ttlMs: 100, charged: true } as const;
    expect(await gate.settle({ ...grantOf(request), result })).toBe(true);
    expect([gate.peek(['k'], undefined), await gate.claim(request)]).toEqual([answer, { verdict: 'hit', answer }]);
    await clock.advance(10);
    expect(gate.peek(['k'], 10)).toBeUndefined();
  });

  it('is unavailable when its memory cannot be read', () => {
    const gate = new LedgerGate({ peek: raise } as unknown as Ledger, new ManualClock(), 50);
    expect(() => gate.peek(['k'], undefined)).toThrow(expect.objectContaining({ code: 'IDV_LEDGER_UNAVAILABLE' }));
  });
});
