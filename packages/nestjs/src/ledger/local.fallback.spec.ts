import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ManualClock } from '../testing/manual.clock.js';
import { grantOf, LedgerGate } from './ledger.gate.js';
import type { ClaimAnswer, ClaimRequest, Ledger, Settlement } from './ledger.port.js';
import { LocalFallback } from './local.fallback.js';
import { MemoryLedger } from './memory.ledger.js';
import { StoreBreaker } from './store.breaker.js';
import { WriteBack, type WriteBackResult } from './write.back.js';

const MINUTE = 60_000;
const DAY = 86_400_000;
const LEASE = 10_000;
const TTL = 60 * DAY;

/** How one process reaches the store. `loses`: the store does what it is told, and its reply is lost. */
type Link = 'up' | 'refuses' | 'hangs' | 'loses';

/** A process that shares the store. */
class Instance {
  link: Link = 'up';
  readonly results: WriteBackResult[] = [];
  readonly breaker: StoreBreaker;
  readonly front: LocalFallback;
  readonly writeBack: WriteBack;
  readonly #hanging: (() => void)[] = [];

  constructor(
    readonly clock: ManualClock,
    readonly store: MemoryLedger,
    instances: number,
    maxEntries = 1_000,
  ) {
    this.breaker = new StoreBreaker(clock);
    const gate = new LedgerGate(this.#reached(), clock, 50, this.breaker);
    const lifetimeOf = () => TTL;
    this.front = new LocalFallback({ clock, gate, breaker: this.breaker, instances, maxEntries, lifetimeOf });
    this.writeBack = new WriteBack({
      clock,
      ledger: { settle: (each) => this.front.writeLate(each), release: (each) => this.front.release(each) },
      local: this.front,
      capacity: maxEntries,
      onResult: (result) => this.results.push(result),
    });
  }

  /** The store answers again, first to what it was told while it hung. */
  connect(): void {
    this.link = 'up';
    for (const run of this.#hanging.splice(0)) run();
  }

  async claim(request: ClaimRequest): Promise<ClaimAnswer | string> {
    const seen = this.front
      .claim(request, Infinity, () => this.writeBack.giveBack(request))
      .catch((error: unknown) => String((error as { code?: string }).code));
    if (this.link === 'hangs') await this.clock.advance(50);
    return seen;
  }

  async settle(request: ClaimRequest, result: Settlement['result']): Promise<void> {
    const settlement = { ...grantOf(request), result };
    const seen = this.front.settle(settlement).catch(() => this.writeBack.keep(request, settlement));
    if (this.link === 'hangs') await this.clock.advance(50);
    await seen;
  }

  async release(request: ClaimRequest): Promise<void> {
    const seen = this.front.release(grantOf(request)).catch(() => this.writeBack.keep(request, grantOf(request)));
    if (this.link === 'hangs') await this.clock.advance(50);
    await seen;
  }

  /** Erases as the engine does. */
  async forget(request: ClaimRequest): Promise<number | string> {
    const { scope, keys, idKeys, mobileKeys } = request;
    this.writeBack.forget({ scope, keys, idKeys, mobileKeys });
    const seen = this.front.forget({ scope, keys, idKeys, mobileKeys }).catch((error: unknown) => {
      return String((error as { code?: string }).code);
    });
    if (this.link === 'hangs') await this.clock.advance(50);
    return seen;
  }

  /** Makes the store unavailable for this process. */
  async lose(link: Link = 'refuses'): Promise<void> {
    this.link = link;
    for (let n = 0; n < 3; n++) {
      const seen = this.front.spent('s').catch(() => undefined);
      if (link === 'hangs') await this.clock.advance(50);
      await seen;
    }
    expect(this.front.isLocal).toBe(true);
  }

  /** Connects again, and waits until everything is written. */
  async comeBack(): Promise<void> {
    this.connect();
    await this.clock.advance(3_000);
    await this.front.spent('s');
    await this.clock.advance(3_000);
  }

  #reached(): Ledger {
    const through =
      <A, T>(run: (argument: A) => T) =>
      async (argument: A): Promise<T> => {
        if (this.link === 'refuses') throw new Error('refused');
        if (this.link === 'hangs') await new Promise<void>((resolve) => this.#hanging.push(resolve));
        const answer = run(argument);
        if (this.link === 'loses') throw new Error('lost');
        return answer;
      };
    const { store } = this;
    return {
      claim: through((request: ClaimRequest) => store.claim(request)),
      settle: through((settlement: Settlement) => store.settle(settlement)),
      release: through((grant: Parameters<Ledger['release']>[0]) => store.release(grant)),
      forget: through((request: Parameters<Ledger['forget']>[0]) => store.forget(request)),
      spent: through((scope: string) => store.spent(scope)),
      latch: through((scope: string) => store.latch(scope)),
      reopen: through((scope: string) => store.reopen(scope)),
      scopes: () => through(() => store.scopes())(undefined),
    };
  }
}

let owners = 0;
const question = (n: number, more: Partial<ClaimRequest> = {}): ClaimRequest => ({
  scope: 's',
  keys: [`q${n}`],
  idKeys: [`i${n}`],
  mobileKeys: [`m${n}`],
  owner: `o${++owners}`,
  leaseMs: LEASE,
  doubtMs: MINUTE,
  maxAgeMs: undefined,
  repeatInDoubt: false,
  budget: {},
  subjectLimit: undefined,
  ...more,
});
let replies = 0;
/** The answer of one call, with a seqNo of its own. */
const answered = (clock: ManualClock, ttlMs = TTL, charged = true): Settlement['result'] => ({
  kind: 'answered',
  answer: { outcome: 'match', code: '10000', billed: 'yes', answeredAt: clock.now(), seqNo: `S${++replies}` },
  ttlMs,
  charged,
});
const GRANTED = expect.objectContaining({ verdict: 'granted' });

function open(instances = 1, maxEntries?: number) {
  const clock = new ManualClock();
  const store = new MemoryLedger({ clock });
  const all = Array.from({ length: instances }, () => new Instance(clock, store, instances, maxEntries));
  return { clock, store, all, one: all[0]!, other: all[1]! };
}

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
});

const action = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ do: fc.constant('ask' as const), by: fc.nat(2), question: fc.nat(9), insist: fc.boolean() }),
  },
  {
    weight: 7,
    arbitrary: fc.record({
      do: fc.constant('end' as const),
      which: fc.nat(5),
      how: fc.constantFrom(
        'answered' as const,
        'answered' as const,
        'free' as const,
        'in_doubt' as const,
        'unbilled' as const,
        'unsent' as const,
      ),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('link' as const),
      whose: fc.constantFrom([0], [1], [2], [0, 1], [0, 1, 2]),
      link: fc.constantFrom<Link>('up', 'up', 'refuses', 'hangs', 'loses'),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(300, 1_000, 6_000, 80_000) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('tomorrow' as const) }) },
);
type Action = typeof action extends fc.Arbitrary<infer T> ? T : never;

const BUDGET = { callsPerDay: 7, callsPerMonth: 14 };

/** Three processes on a store that comes and goes, and what they send. */
class World {
  readonly opened = open(3);
  readonly underWay: {
    readonly by: Instance;
    readonly request: ClaimRequest;
    readonly key: string;
    readonly day: number;
    readonly at: number;
  }[] = [];
  /** Calls that were or may have been paid for, by day. */
  readonly paid = new Map<number, number>();
  readonly #asked = new Map<string, Instance[]>();
  /** The questions that each process must not send again. */
  readonly #spoken = new Map<Instance, Set<string>>();
  readonly answeredKeys = new Set<string>();
  #days = 0;

  async run(actions: readonly Action[]): Promise<void> {
    const { all, clock } = this.opened;
    for (const each of actions) {
      switch (each.do) {
        case 'ask':
          await this.#ask(all[each.by]!, each.question, each.insist);
          break;
        case 'end':
          if (this.underWay.length > 0) await this.#end(each.which % this.underWay.length, each.how);
          break;
        case 'link':
          for (const n of each.whose) {
            if (each.link === 'up') all[n]!.connect();
            else if (all[n]!.link !== 'hangs') all[n]!.link = each.link;
          }
          break;
        case 'wait':
          await this.#endBefore(clock.monotonic() + each.ms);
          await clock.advance(each.ms);
          break;
        case 'tomorrow':
          this.#days += 1;
          clock.jump(DAY);
      }
      this.#check();
    }
    // Everything ends, and the store stays.
    while (this.underWay.length > 0) await this.#end(0, 'answered');
    for (const instance of all) instance.connect();
    for (let n = 0; n < 4; n++) {
      for (const instance of all) await instance.front.spent('s').catch(() => undefined);
      await clock.advance(40_000);
    }
    this.#check();
  }

  async #ask(by: Instance, n: number, repeatInDoubt: boolean): Promise<void> {
    const request = question(n, { budget: BUDGET, repeatInDoubt });
    const answer = await by.claim(request);
    if (typeof answer === 'string' || answer.verdict !== 'granted') return;
    const [key] = request.keys as [string];
    // This process has asked it, and holds the answer, or is still asking.
    expect(this.#spoken.get(by)?.has(key) ?? false).toBe(false);
    this.#spokenBy(by).add(key);
    const day = this.#days;
    this.paid.set(day, (this.paid.get(day) ?? 0) + 1);
    this.underWay.push({ by, request, key, day, at: this.opened.clock.monotonic() });
  }

  /** A deadline is shorter than a lease. */
  async #endBefore(moment: number): Promise<void> {
    for (let n = this.underWay.length - 1; n >= 0; n--) {
      if (moment - this.underWay[n]!.at > LEASE / 2) await this.#end(n, 'answered');
    }
  }

  async #end(which: number, how: 'answered' | 'free' | 'in_doubt' | 'unbilled' | 'unsent'): Promise<void> {
    const [{ by, request, key, day }] = this.underWay.splice(which, 1) as [World['underWay'][number]];
    const { clock } = this.opened;
    if (how === 'unsent') await by.release(request);
    else if (how === 'unbilled') await by.settle(request, { kind: 'unbilled' });
    else if (how === 'in_doubt') await by.settle(request, { kind: 'in_doubt', ttlMs: MINUTE });
    else await by.settle(request, answered(clock, TTL, how !== 'free'));
    const isAnswered = how === 'answered' || how === 'free';
    if (isAnswered) {
      this.answeredKeys.add(key);
      const payers = this.#asked.get(key) ?? [];
      this.#asked.set(key, [...payers, by]);
    } else this.#spokenBy(by).delete(key);
    if (how !== 'answered' && how !== 'in_doubt') this.paid.set(day, (this.paid.get(day) ?? 0) - 1);
  }

  #check(): void {
    const limits = [
      [BUDGET.callsPerDay, Math.max(0, ...this.paid.values())],
      [BUDGET.callsPerMonth, this.#month],
    ] as const;
    for (const [limit, calls] of limits) expect(calls).toBeLessThanOrEqual(limit + 2 * Math.floor(limit / 3));
    // Each process pays for a question at most once.
    for (const payers of this.#asked.values()) expect(new Set(payers).size).toBe(payers.length);
  }

  get #month(): number {
    return [...this.paid.values()].reduce((calls, more) => calls + more, 0);
  }

  #spokenBy(by: Instance): Set<string> {
    let spoken = this.#spoken.get(by);
    if (!spoken) this.#spoken.set(by, (spoken = new Set()));
    return spoken;
  }
}

describe('LocalFallback, with three processes and a store that comes and goes', () => {
  it('overruns no budget by more than two shares, pays once in each process, and loses nothing', async () => {
    const schedule = fc.array(action, { minLength: 5, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(schedule, async (actions) => {
        const world = new World();
        await world.run(actions);
        const { store, all } = world.opened;
        const paid = [...world.paid.values()].reduce((calls, more) => calls + more, 0);
        expect(store.spent('s').callsThisMonth).toBeGreaterThanOrEqual(paid);
        for (const key of world.answeredKeys) {
          expect(store.claim(question(Number(key.slice(1))))).toMatchObject({ verdict: 'hit' });
        }
        for (const { front } of all) {
          expect(front.isLocal).toBe(false);
          expect(await front.spent('s')).toEqual(store.spent('s'));
        }
      }),
      { numRuns: 100 },
    );
  }, 60_000);

  it('overruns no budget when all processes lose the store at the same time, in every outage of a day', async () => {
    const outage = fc.record({
      before: fc.array(fc.nat(2), { maxLength: 6 }),
      during: fc.array(fc.nat(2), { maxLength: 12 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(outage, { minLength: 1, maxLength: 3 }),
        fc.integer({ min: 0, max: 20 }),
        async (outages, callsPerDay) => {
          const { all, clock, store } = open(3);
          let paid = 0;
          const ask = async (by: Instance) => {
            const request = question(1_000 + owners, { budget: { callsPerDay } });
            const answer = await by.claim(request);
            if (typeof answer === 'string' || answer.verdict !== 'granted') return;
            paid++;
            await by.settle(request, answered(clock));
          };
          for (const instance of all) await instance.claim(question(0, { budget: { callsPerDay: 0 } }));
          for (const { before, during } of outages) {
            for (const by of before) await ask(all[by]!);
            await clock.advance(5_000); // all have asked for the spent calls
            for (const instance of all) await instance.lose();
            for (const by of during) await ask(all[by]!);
            for (const instance of all) instance.connect();
            for (const instance of all) await instance.comeBack();
            await clock.advance(5_000);
            expect(paid).toBeLessThanOrEqual(callsPerDay);
            expect(store.spent('s').callsToday).toBe(paid);
          }
        },
      ),
      { numRuns: 40 },
    );
  }, 60_000);
});
