import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { AskerReport, AskerSettings } from './asker.process.js';
import { Asker, sum } from './askers.js';
import { CountingUpstream } from './counting.upstream.js';
import { people, tenTimes } from './people.js';
import { describeRedis, startRedis, type RedisServer } from './redis.server.js';

const OLD = { kid: 'old', secret: 'an older pepper of the tests, long enough' };
const NEW = { kid: 'new', secret: 'a newer pepper of the tests, long enough' };
/** What the processes have in the two halves of a rotation: all must read the newer pepper before one writes under it. */
const HALVES = [
  { half: 'first', peppers: [[OLD], [OLD], [OLD, NEW], [OLD, NEW]] },
  {
    half: 'second',
    peppers: [
      [OLD, NEW],
      [OLD, NEW],
      [NEW, OLD],
      [NEW, OLD],
    ],
  },
];
/** Ends of a follower whose leader is gone. */
const FOLLOWER_ENDS = new Set([
  'match joined',
  'match ledger',
  'unknown ledger',
  'IDV_IN_DOUBT',
  'IDV_TIMEOUT',
  // On a busy machine: the deadline comes while it waits for Redis. Nothing is paid.
  'IDV_LEDGER_UNAVAILABLE',
]);

/** Of a process, in each round. */
const QUESTIONS = 200;

let server: RedisServer;
let upstream: CountingUpstream;
let askers: Asker[] = [];
let prefixes = 0;

const settings = (overrides: Partial<AskerSettings> = {}): AskerSettings => ({
  redisUrl: server.url,
  upstreamUrl: upstream.url,
  prefix: `rolling-${prefixes}:`,
  pepper: [OLD],
  callsPerDay: 10_000,
  deadlineMs: 20_000,
  unknownMs: 60_000,
  ...overrides,
});

async function started(overrides: Partial<AskerSettings> = {}): Promise<Asker> {
  const asker = await Asker.start(settings(overrides));
  askers.push(asker);
  return asker;
}

const countOf = (ends: readonly (readonly [string, number])[]) => ends.reduce((count, [, n]) => count + n, 0);
const answers = (report: AskerReport) => Object.entries(report).filter(([end]) => end.startsWith('match '));

describeRedis('several processes on one Redis', () => {
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server?.close());
  beforeEach(async () => {
    prefixes += 1;
    upstream = await CountingUpstream.start();
  });
  afterEach(async () => {
    await Promise.all(askers.map((asker) => asker.kill()));
    askers = [];
    await upstream.close();
  });

  it('pay 40 calls for 40 identities, cold, while each is replaced and the pepper is rotated', async () => {
    const asked = people(40);
    const first = await Promise.all([1, 2, 3].map(() => started()));
    const reports: AskerReport[] = [];
    // Some of the identities are new in each round. 4 processes ask 200 questions each in every round.
    for (const [round, old] of first.entries()) {
      const known = asked.slice(0, [10, 20, 40][round]);
      const questions = () => tenTimes(tenTimes(known)).slice(0, QUESTIONS);
      await started({ pepper: [OLD, NEW] });
      const running = [...first.slice(round), ...askers.slice(first.length)];
      const replaced = old.ask(questions(), 20);
      const others = running.filter((asker) => asker !== old).map((asker) => asker.ask(questions(), 20));
      reports.push(await replaced);
      // It ends while the others ask.
      expect(await old.stop()).toBe(0);
      reports.push(...(await Promise.all(others)));
    }
    // All read the newer pepper: the next ones write under it.
    const last = await Promise.all([started({ pepper: [NEW, OLD] }), started({ pepper: [NEW, OLD] })]);
    reports.push(...(await Promise.all(last.map((asker) => asker.ask(tenTimes(asked), 20)))));
    expect(upstream.calls).toBe(40);
    const total = sum(reports);
    expect(total['match upstream']).toBe(40);
    // Four processes in each of three rounds, and the two last ones.
    expect(countOf(answers(total))).toBe(12 * QUESTIONS + 2 * 400);
    expect(answers(total)).toHaveLength(Object.keys(total).length);
  }, 300_000);

  it.each(HALVES)(
    'pay nothing twice in the $half half of a rotation when leaders are killed between sending and settling',
    async ({ peppers }) => {
      askers = await Promise.all(peppers.map((pepper) => started({ pepper, deadlineMs: 2_000 })));
      const all = people(14);
      const asked = all.slice(0, 10);
      // Whoever has asked once is quick: on a busy machine, a first question alone may take as long as the deadline.
      await Promise.all(askers.map((asker, n) => asker.ask([all[10 + n]!], 1)));
      const paid = upstream.calls;
      // One of each kind leads: the first, and then the last.
      for (const [leader, questions] of [
        [askers[0]!, asked.slice(0, 5)],
        [askers[3]!, asked.slice(5)],
      ] as const) {
        const before = upstream.calls;
        upstream.isHolding = true;
        leader.ask(questions, 5).catch(() => undefined);
        while (upstream.calls < before + 5) await upstream.nextCall();
        const followers = askers.slice(1).filter((asker) => asker !== leader);
        const waiting = Promise.all(followers.map((follower) => follower.ask(questions, 5)));
        await leader.kill();
        upstream.answerAll();
        const report = sum(await waiting);
        expect(Object.keys(report).filter((end) => !FOLLOWER_ENDS.has(end))).toEqual([]);
        expect(countOf(Object.entries(report))).toBe(5 * followers.length);
      }
      expect(upstream.calls - paid).toBe(10);
    },
    300_000,
  );

  it('hold the limits of a subject together: 3 calls about one ID number, and 3 about one mobile', async () => {
    const subjectLimit = { perIdNumber: 3, perMobile: 3, windowMs: 3_600_000 };
    await Promise.all([1, 2].map(() => started({ subjectLimit })));
    const all = people(80);
    // As a guesser would ask, from all processes at once.
    const mobiles = all.slice(0, 40).map(({ mobile }) => ({ name: all[0]!.name, idCard: all[0]!.idCard, mobile }));
    const holders = all.slice(40).map(({ name, idCard }) => ({ name, idCard, mobile: all[79]!.mobile }));
    for (const guesses of [mobiles, holders]) {
      const report = sum(await Promise.all(askers.map((each, n) => each.ask(guesses.slice(20 * n, 20 * n + 20), 20))));
      expect(report).toEqual({ 'match upstream': 3, IDV_SUBJECT_LIMIT: 37 });
    }
    expect(upstream.calls).toBe(6);
  }, 300_000);
});
