import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { AskerSettings } from './asker.process.js';
import { Asker, sum } from './askers.js';
import { CountingUpstream } from './counting.upstream.js';
import { people, tenTimes } from './people.js';
import { describeRedis, startRedis, type RedisServer } from './redis.server.js';

const OLD = { kid: 'old', secret: 'an older pepper of the tests, long enough' };

let server: RedisServer;
let upstream: CountingUpstream;
let askers: Asker[] = [];
let prefixes = 0;

const settings = (overrides: Partial<AskerSettings> = {}): AskerSettings => ({
  redisUrl: server.url,
  upstreamUrl: upstream.url,
  prefix: `processes-${prefixes}:`,
  pepper: [OLD],
  callsPerDay: 10_000,
  deadlineMs: 20_000,
  unknownMs: 60_000,
  ...overrides,
});

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

  it('pay 40 calls for 1,600 questions about 40 identities, cold, and grant 500 of 2,000 more when the budget is 540', async () => {
    askers = await Asker.startAll(4, settings({ callsPerDay: 540 }));
    const asked = people(40);
    const report = sum(await Promise.all(askers.map((asker) => asker.ask(tenTimes(asked), 40))));
    expect(upstream.calls).toBe(40);
    expect(report['match upstream']).toBe(40);
    const { 'match upstream': paid = 0, 'match joined': joined = 0, 'match ledger': found = 0 } = report;
    expect(paid + joined + found).toBe(1_600);

    // 2,000 different questions, so that each is a claim of its own, at once.
    const [some, others] = [people(1_000, '测试丙'), people(1_000, '测试丁')];
    const quarters = [some.slice(0, 500), some.slice(500), others.slice(0, 500), others.slice(500)];
    const more = sum(await Promise.all(quarters.map((quarter, index) => askers[index]!.ask(quarter, 500))));
    expect(more).toEqual({ 'match upstream': 500, IDV_BUDGET_EXHAUSTED: 1_500 });
    expect(upstream.calls).toBe(540);
    expect(await Promise.all(askers.map((asker) => asker.stop()))).toEqual([0, 0, 0, 0]);
  }, 300_000);

  it('do not pay twice when a process is killed between sending and settling', async () => {
    const [person, ...warm] = people(4);
    askers = await Asker.startAll(3, settings({ deadlineMs: 1_500 }));
    // Whoever has asked once is quick: on a busy machine, a first question alone may take as long as the deadline.
    await Promise.all(askers.map((asker, n) => asker.ask([warm[n]!], 1)));
    const paid = upstream.calls;
    upstream.isHolding = true;
    const [leader, ...followers] = askers;
    const sent = upstream.nextCall();
    leader!.ask([person!], 1).catch(() => undefined);
    await sent;
    const waiting = Promise.all(followers.map((follower) => follower.ask([person!], 1)));
    await leader!.kill();
    upstream.answerAll();
    // The lease outlives the deadline, so a follower learns at its own deadline that the answer is lost.
    const { IDV_TIMEOUT: late = 0, IDV_LEDGER_UNAVAILABLE: busy = 0, ...others } = sum(await waiting);
    // On a busy machine, the deadline comes while a follower waits for Redis.
    expect([late + busy, others]).toEqual([2, {}]);
    expect(upstream.calls - paid).toBe(1);
    // When the lease is over, the question is in doubt: it is for the caller to decide.
    const [follower] = followers;
    let ends: Readonly<Record<string, number>> = {};
    while (!ends['IDV_IN_DOUBT']) ends = await follower!.ask([person!], 1);
    expect(upstream.calls - paid).toBe(1);
  }, 300_000);
});
