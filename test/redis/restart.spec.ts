import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import type { AskerSettings } from './asker.process.js';
import { Asker, sum } from './askers.js';
import { CountingUpstream } from './counting.upstream.js';
import { people } from './people.js';
import { describeRedis, startRedis, type RedisServer } from './redis.server.js';

const ANSWERED = 10;
const UNDER_WAY = 10;
const CALLS_PER_DAY = 25;
const TRIES = 400;

let server: RedisServer;
let upstream: CountingUpstream;
let askers: Asker[] = [];

const settings = (): AskerSettings => ({
  redisUrl: server.url,
  upstreamUrl: upstream.url,
  prefix: 'restart:',
  pepper: [{ kid: 'one', secret: 'a pepper of the tests, long enough' }],
  callsPerDay: CALLS_PER_DAY,
  deadlineMs: 3_000,
  unknownMs: 60_000,
});

/** Until the server has carried out so many scripts since it was started. */
async function untilScriptsRan(count: number): Promise<void> {
  const admin = new Redis(server.url);
  for (let ran = 0; ran < count;) {
    const calls = (await admin.info('commandstats')).matchAll(/cmdstat_eval(?:sha)?:calls=(\d+)/g);
    ran = [...calls].reduce((sum, [, n]) => sum + Number(n), 0);
  }
  admin.disconnect();
}

/** Kills the server and starts it again when 10 questions are answered and 10 more are under way. */
async function restartDuringQuestions(): Promise<void> {
  askers = await Asker.startAll(2, settings());
  const [first] = askers;
  const asked = people(ANSWERED + UNDER_WAY);
  expect(await first!.ask(asked.slice(0, ANSWERED), 10)).toEqual({ 'match upstream': ANSWERED });
  upstream.isHolding = true;
  const underWay = first!.ask(asked.slice(ANSWERED), UNDER_WAY);
  while (upstream.calls < ANSWERED + UNDER_WAY) await upstream.nextCall();
  await server.kill();
  await server.restart();
  upstream.isHolding = false;
  // The other process asks about everybody while the first still waits for its answers.
  const again = askers[1]!.ask(asked, ANSWERED + UNDER_WAY, TRIES);
  await untilScriptsRan(asked.length);
  upstream.answerAll();
  const reports = [await again, await underWay];
  process.stderr.write(`${upstream.paidTwice} of ${asked.length} paid twice; ${JSON.stringify(reports)}\n`);
}

describeRedis('a Redis that is killed and started again during questions', () => {
  beforeEach(async () => {
    upstream = await CountingUpstream.start();
  });
  afterEach(async () => {
    await Promise.all(askers.map((asker) => asker.kill()));
    askers = [];
    await upstream.close();
    await server.close();
  });

  it('empty: pays for every question again that is asked again, and the budget of the day begins again', async () => {
    server = await startRedis();
    await restartDuringQuestions();
    expect(upstream.paidTwice).toBe(ANSWERED + UNDER_WAY);
    // 20 calls are counted since the restart, of 40 that were paid: 5 more are granted, and no sixth.
    const others = people(6, '测试丁');
    expect(await askers[0]!.ask(others, 1)).toEqual({ 'match upstream': 5, IDV_BUDGET_EXHAUSTED: 1 });
    expect(upstream.calls).toBe(2 * (ANSWERED + UNDER_WAY) + 5);
    expect(await Promise.all(askers.map((asker) => asker.stop()))).toEqual([0, 0]);
  }, 60_000);

  it('with `appendfsync always`: pays for nothing twice, and the budget holds', async () => {
    server = await startRedis('--appendonly', 'yes', '--appendfsync', 'always');
    await restartDuringQuestions();
    expect(upstream.paidTwice).toBe(0);
    const others = people(6, '测试丁');
    const report = await askers[0]!.ask(others, 1, TRIES);
    expect(report).toEqual({ 'match upstream': 5, IDV_BUDGET_EXHAUSTED: 1 });
    expect(upstream.calls).toBe(CALLS_PER_DAY);
    expect(sum(await Promise.all(askers.map((asker) => asker.ask(people(ANSWERED), 10))))).toEqual({
      'match ledger': 2 * ANSWERED,
    });
    expect(await Promise.all(askers.map((asker) => asker.stop()))).toEqual([0, 0]);
  }, 60_000);
});
