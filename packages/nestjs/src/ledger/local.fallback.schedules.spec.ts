import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ClaimRequest } from './ledger.port.js';
import { answered, DAY, LEASE, MINUTE, open, question, TTL, type Instance, type Link } from './shared-store.fixture.js';

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
          let [asked, paid] = [0, 0];
          const ask = async (by: Instance) => {
            const request = question(1_000 + asked++, { budget: { callsPerDay } });
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
