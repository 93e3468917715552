import { MemoryLedger, type ClaimRequest, type Settlement } from '@identity-verify/nestjs';
import { ManualClock } from '@identity-verify/nestjs/testing';
import { RedisLedger } from '@identity-verify/redis';
import { expect } from '@jest/globals';
import fc from 'fast-check';
import type { OpenClient } from './redis.clients.js';

const RUNS = process.env['TEST_LONG'] ? 1_000 : 120;
const STEPS_A_RUN = 40;
const HOUR = 3_600_000;

let worlds = 0;

/** Three people; each is also asked about with the mobile of the next one, as a guesser would. */
const QUESTIONS = [0, 1, 2].flatMap((person) => [
  { question: `q${person}`, id: `i${person}`, mobile: `m${person}` },
  { question: `g${person}`, id: `i${person}`, mobile: `m${(person + 1) % 3}` },
]);

const result = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('answered' as const),
      ttlMs: fc.constantFrom(0, 5_000, HOUR, 40 * 24 * HOUR),
      charged: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('in_doubt' as const), ttlMs: fc.constantFrom(5_000, HOUR) }),
  },
  fc.record({ kind: fc.constant('unbilled' as const) }),
  fc.record(
    {
      kind: fc.constant('unbilled' as const),
      inconclusive: fc.boolean(),
      blockMs: fc.constantFrom(5_000, HOUR),
      latch: fc.record({
        name: fc.constantFrom('quota' as const, 'access' as const),
        ms: fc.constantFrom(5_000, HOUR),
      }),
    },
    { requiredKeys: ['kind'] },
  ),
);
/** Mostly one and the same, because what goes wrong needs several steps of one question. */
const question = fc.constantFrom(0, 0, 0, 0, 0, 1, 2, 3, 4, 5);
/** Which grant, counted from the last one. */
const which = fc.constantFrom(0, 0, 0, 1, 2);
const scope = fc.constantFrom('a', 'a', 'a', 'a', 'a', 'a', 'a/{b}');
const step = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('claim' as const),
      question,
      scope,
      /** Which peppers the process has: before, during and after a rotation. */
      kids: fc.constantFrom(['old'], ['new', 'old'], ['new', 'old'], ['new', 'old'], ['new']),
      leaseMs: fc.constantFrom(1_000, 48 * HOUR),
      maxAgeMs: fc.constantFrom(undefined, undefined, 0, 2_000),
      repeatInDoubt: fc.boolean(),
      budget: fc.constantFrom({}, {}, {}, { callsPerDay: 4 }, { callsPerDay: 6, callsPerMonth: 9 }),
      subjectLimit: fc.constantFrom(
        undefined,
        ...[1, 2, 3].map(() => ({ perIdNumber: 1, perMobile: 2, windowMs: HOUR })),
      ),
    }),
  },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('settle' as const), which, result }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('release' as const), which }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('forget' as const),
      question,
      scope,
      by: fc.constantFrom('all' as const, 'id' as const, 'mobile' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reopen' as const), scope }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('advance' as const),
      ms: fc.constantFrom(1, 999, 1_000, 5_000, HOUR - 1, HOUR, 24 * HOUR, 29 * 24 * HOUR),
    }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const keysOf = (kids: readonly string[], scope: string, name: string) =>
  kids.map((kid) => `v1.${kid}.${scope}.${name}`);

/** The same steps on Redis and in memory, which is the model. */
class World {
  readonly clock = new ManualClock();
  readonly model = new MemoryLedger({ clock: this.clock });
  readonly ledger: RedisLedger;
  readonly #granted: { readonly claim: ClaimRequest; readonly doubtUntil: number }[] = [];
  #owners = 0;

  constructor({ client }: OpenClient) {
    this.ledger = new RedisLedger({ client, clock: this.clock, prefix: `schedule-${++worlds}:` });
  }

  async play(step: Step): Promise<void> {
    if (step.do === 'advance') return this.clock.advance(step.ms);
    if (step.do === 'claim') return this.#claim(step);
    if (step.do === 'reopen')
      return this.#same(await this.ledger.reopen(step.scope), this.model.reopen(step.scope), step);
    if (step.do === 'forget') return this.#forget(step);
    const granted = this.#granted.at(-1 - step.which); // settled ones too: the second time must change nothing
    // Redis has cleaned up by then what an owner left behind; memory keeps it until the question is asked again.
    if (!granted || this.clock.now() > granted.doubtUntil) return;
    const { claim } = granted;
    const grant = { scope: claim.scope, key: claim.keys[0] ?? '', owner: claim.owner };
    if (step.do === 'release') return this.#same(await this.ledger.release(grant), this.model.release(grant), step);
    const answer = { outcome: 'match', code: '10000', billed: 'yes', seqNo: claim.owner, answeredAt: this.clock.now() };
    const ended = step.result.kind === 'answered' ? { ...step.result, answer } : step.result;
    const settlement = { ...grant, result: ended } as Settlement;
    return this.#same(await this.ledger.settle(settlement), this.model.settle(settlement), step);
  }

  async accounts(): Promise<void> {
    for (const scope of ['a', 'a/{b}']) {
      this.#same(await this.ledger.spent(scope), this.model.spent(scope), 'spent');
      this.#same(await this.ledger.latch(scope), this.model.latch(scope), 'latch');
    }
  }

  async #claim({ question, scope, kids, ...rest }: Extract<Step, { do: 'claim' }>): Promise<void> {
    const { question: name, id, mobile } = QUESTIONS[question]!;
    const claim: ClaimRequest = {
      ...rest,
      scope,
      keys: keysOf(kids, scope, name),
      idKeys: keysOf(kids, scope, id),
      mobileKeys: keysOf(kids, scope, mobile),
      owner: `owner-${++this.#owners}`,
      doubtMs: 10_000,
    };
    const answer = await this.ledger.claim(claim);
    this.#same(answer, this.model.claim(claim), claim);
    if (answer.verdict === 'granted') {
      this.#granted.push({ claim, doubtUntil: this.clock.now() + claim.leaseMs + claim.doubtMs });
    }
  }

  async #forget({ question, scope, by }: Extract<Step, { do: 'forget' }>): Promise<void> {
    const { question: name, id, mobile } = QUESTIONS[question]!;
    const kids = ['new', 'old'];
    const request = {
      scope,
      keys: by === 'all' ? keysOf(kids, scope, name) : [],
      idKeys: by === 'mobile' ? [] : keysOf(kids, scope, id),
      mobileKeys: by === 'id' ? [] : keysOf(kids, scope, mobile),
    };
    // How many entries that makes is each ledger's own affair.
    await this.ledger.forget(request);
    this.model.forget(request);
  }

  #same(actual: unknown, expected: unknown, step: unknown): void {
    try {
      expect(actual).toEqual(expected);
    } catch (error) {
      throw new Error(`at ${JSON.stringify(step)}: ${String(error)}`, { cause: error });
    }
  }
}

/** How many steps {@link playSchedules} plays at least. */
export const LEAST_STEPS = RUNS * 20;

/** Plays random schedules. @throws when Redis and memory differ. @returns how many steps were played */
export async function playSchedules(opened: OpenClient): Promise<number> {
  let steps = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: STEPS_A_RUN, size: 'max' }), async (schedule) => {
      const world = new World(opened);
      for (const each of schedule) await world.play(each);
      await world.accounts();
      steps += schedule.length;
    }),
    { numRuns: RUNS },
  );
  return steps;
}
