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

  it('pay 40 calls for 1,600 questions about 40 identities, cold, from 4 processes', async () => {
    askers = await Asker.startAll(4, settings());
    const asked = people(40);
    const report = sum(await Promise.all(askers.map((asker) => asker.ask(tenTimes(asked), 40))));
    expect(upstream.calls).toBe(40);
    expect(report['match upstream']).toBe(40);
    const { 'match upstream': paid = 0, 'match joined': joined = 0, 'match ledger': found = 0 } = report;
    expect(paid + joined + found).toBe(1_600);
    expect(await Promise.all(askers.map((asker) => asker.stop()))).toEqual([0, 0, 0, 0]);
  }, 60_000);

  it('grant 500 of 2,000 claims at once when the budget is 500', async () => {
    askers = await Asker.startAll(4, settings({ callsPerDay: 500 }));
    const asked = people(1_000);
    // 2,000 different questions, so that each is a claim of its own.
    const others = people(1_000, '测试丁');
    const [a, b, c, d] = [asked.slice(0, 500), asked.slice(500), others.slice(0, 500), others.slice(500)];
    const report = sum(await Promise.all([a, b, c, d].map((half, index) => askers[index]!.ask(half, 500))));
    expect(report).toEqual({ 'match upstream': 500, IDV_BUDGET_EXHAUSTED: 1_500 });
    expect(upstream.calls).toBe(500);
  }, 60_000);

  it('do not pay twice when a process is killed between sending and settling', async () => {
    const [person] = people(1);
    upstream.isHolding = true;
    askers = await Asker.startAll(3, settings({ deadlineMs: 1_500 }));
    const [leader, ...followers] = askers;
    const sent = upstream.nextCall();
    leader!.ask([person!], 1).catch(() => undefined);
    await sent;
    const waiting = Promise.all(followers.map((follower) => follower.ask([person!], 1)));
    await leader!.kill();
    upstream.answerAll();
    // The lease outlives the deadline, so a follower learns at its own deadline that the answer is lost.
    expect(sum(await waiting)).toEqual({ IDV_TIMEOUT: 2 });
    expect(upstream.calls).toBe(1);
    // When the lease is over, the question is in doubt: it is for the caller to decide.
    const [follower] = followers;
    let ends: Readonly<Record<string, number>> = {};
    while (!ends['IDV_IN_DOUBT']) ends = await follower!.ask([person!], 1);
    expect(upstream.calls).toBe(1);
  }, 60_000);
});
