import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import type { AskerReport } from './asker.process.js';
import { Asker, sum } from './askers.js';
import { CountingUpstream } from './counting.upstream.js';
import { people } from './people.js';
import { describeRedis, startRedis, startSentinel, type RedisServer, type SentinelServer } from './redis.server.js';

const PEOPLE = 300;
const CALLS_BEFORE_THE_LAG = 60;
const CALLS_IN_THE_LAG = 20;
/** Each after a pause of 25 ms. */
const TRIES = 1_200;

/** A master and its only replica. */
interface Pair {
  readonly master: RedisServer;
  readonly replica: RedisServer;
}

const pairs = new Map<string, Pair>();
let sentinels: SentinelServer[] = [];
let upstream: CountingUpstream;
let askers: Asker[] = [];
const clients: Redis[] = [];

function clientOf(port: number): Redis {
  const client = new Redis(port, '127.0.0.1');
  client.on('error', () => undefined);
  clients.push(client);
  return client;
}

async function startPair(): Promise<Pair> {
  const master = await startRedis('--repl-diskless-sync-delay', '0');
  const replica = await startRedis('--replicaof', `127.0.0.1 ${master.port}`);
  const admin = clientOf(master.port);
  while (!(await admin.info('replication')).includes('state=online')) await admin.ping();
  return { master, replica };
}

/** Until a sentinel knows the other two and the replica of each master. */
async function untilWatching({ port }: SentinelServer, names: readonly string[]): Promise<void> {
  const client = clientOf(port);
  for (const name of names) {
    const known = async () => String(await client.call('SENTINEL', 'MASTER', name));
    while (!/num-slaves,1,num-other-sentinels,2/.test(await known())) await client.ping();
  }
}

/** From here on the replica receives nothing, as if the network had failed. */
async function fallBehind(master: RedisServer, replica: RedisServer): Promise<void> {
  replica.freeze();
  await clientOf(master.port).call('CLIENT', 'KILL', 'TYPE', 'replica');
}

/** Until both processes wait for a replica. */
async function untilAllWait({ port }: RedisServer): Promise<void> {
  const admin = clientOf(port);
  while (!(await admin.info('clients')).includes('blocked_clients:2')) await admin.ping();
}

interface Failover {
  /** How all questions ended. */
  readonly report: AskerReport;
  /** Calls that had been paid when the replica took over: no more can have been lost. */
  readonly paidBefore: number;
  /** From the death of the master, and from the promotion, to the first call that was paid after it, in milliseconds. */
  readonly backAfter: { readonly deathMs: number; readonly promotionMs: number } | undefined;
}

/**
 * Kills a master under load whose replica has fallen behind, and waits for all answers. Without the lag, a replica on
 * the same machine is as fast as the master, and nothing is ever lost.
 */
async function failover(name: string, minReplicas: number, callsPerDay: number): Promise<Failover> {
  const { master, replica } = pairs.get(name)!;
  const ports = sentinels.map(({ port }) => port);
  askers = await Asker.startAll(2, {
    redisUrl: '',
    sentinels: { ports, name },
    minReplicas,
    upstreamUrl: upstream.url,
    prefix: 'sentinel:',
    pepper: [{ kid: 'one', secret: 'a pepper of the tests, long enough' }],
    callsPerDay,
    deadlineMs: 1_500,
    unknownMs: 60_000,
  });
  const events = clientOf(sentinels[0]!.port);
  await events.subscribe('+switch-master');
  const switched = new Promise<void>((resolve) => {
    events.on('message', (_channel, message: string) => {
      if (message.startsWith(`${name} `)) resolve();
    });
  });
  // Both ask about everybody, from either end, so that what one has lost is asked again by the other.
  const asked = people(PEOPLE);
  const reports = askers.map((asker, n) => asker.ask(n === 0 ? asked : asked.toReversed(), 10, TRIES));
  while (upstream.calls < CALLS_BEFORE_THE_LAG) await upstream.nextCall();
  await fallBehind(master, replica);
  if (minReplicas > 0) await untilAllWait(master);
  else for (const until = upstream.calls + CALLS_IN_THE_LAG; upstream.calls < until;) await upstream.nextCall();
  await master.kill();
  const diedAt = performance.now();
  replica.thaw();
  await switched;
  const promotedAt = performance.now();
  const paidBefore = upstream.calls;
  const ends = Promise.all(reports);
  const backAfter = Promise.race([
    upstream.nextCall().then(() => {
      const now = performance.now();
      return { deathMs: Math.round(now - diedAt), promotionMs: Math.round(now - promotedAt) };
    }),
    ends.then(() => undefined),
  ]);
  // With `minReplicas: 1` nothing is granted before the new master has a replica.
  await master.restart('--replicaof', `127.0.0.1 ${replica.port}`);
  return { report: sum(await ends), paidBefore, backAfter: await backAfter };
}

/** Measured and not asserted: it depends on the load of the machine. */
const state = (name: string, { report, backAfter }: Failover) =>
  process.stderr.write(
    `${name}: ${upstream.calls} calls paid, ${upstream.paidTwice} of them twice; back after ${JSON.stringify(backAfter)}; ` +
      `${JSON.stringify(report)}\n`,
  );

describeRedis('a sentinel failover under load', () => {
  beforeAll(async () => {
    const names = ['with', 'without'];
    const started = await Promise.all(names.map(startPair));
    names.forEach((name, index) => pairs.set(name, started[index]!));
    const masters = Object.fromEntries(names.map((name, index) => [name, started[index]!.master.port]));
    sentinels = await Promise.all([1, 2, 3].map(() => startSentinel(masters, 2)));
    await Promise.all(sentinels.map((sentinel) => untilWatching(sentinel, names)));
  }, 120_000);
  afterAll(async () => {
    for (const client of clients) client.disconnect();
    await Promise.all(sentinels.map((sentinel) => sentinel.close()));
    await Promise.all([...pairs.values()].flatMap(({ master, replica }) => [master.close(), replica.close()]));
  });
  beforeEach(async () => {
    upstream = await CountingUpstream.start();
  });
  afterEach(async () => {
    await Promise.all(askers.map((asker) => asker.kill()));
    askers = [];
    await upstream.close();
  });

  it('pays nothing twice and never overruns the budget with minReplicas: 1', async () => {
    const budget = PEOPLE - 60;
    const ended = await failover('with', 1, budget);
    const { report, paidBefore } = ended;
    state('minReplicas: 1', ended);
    expect(ended.backAfter).toBeDefined();
    expect(upstream.paidTwice).toBe(0);
    expect(upstream.calls).toBeLessThanOrEqual(budget);
    // It is back: calls were paid after the death, and no question ran out of tries.
    expect(upstream.calls).toBeGreaterThan(paidBefore);
    expect(report).toMatchObject({ IDV_BUDGET_EXHAUSTED: expect.any(Number) });
    expect(report).not.toHaveProperty('IDV_LEDGER_UNAVAILABLE');
    // An unhandled rejection would have ended the process with 1.
    expect(await Promise.all(askers.map((asker) => asker.stop()))).toEqual([0, 0]);
  }, 120_000);

  it('pays twice, without minReplicas, at most for the calls that the replica may not know of', async () => {
    const budget = PEOPLE;
    const ended = await failover('without', 0, budget);
    const { report, paidBefore } = ended;
    state('without minReplicas', ended);
    expect(ended.backAfter).toBeDefined();
    // How many it did not know of is up to chance, and stated. That they are paid twice, restart.spec.ts shows.
    const lost = paidBefore - CALLS_BEFORE_THE_LAG + 20;
    expect(upstream.paidTwice).toBeLessThanOrEqual(lost);
    expect(upstream.calls).toBeLessThanOrEqual(budget + lost);
    expect(report).not.toHaveProperty('IDV_LEDGER_UNAVAILABLE');
    expect(await Promise.all(askers.map((asker) => asker.stop()))).toEqual([0, 0]);
  }, 120_000);
});
