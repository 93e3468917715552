import { TEST_POPULATION } from '@identity-verify/contract';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeRedis, startRedis, type RedisServer } from '../redis/redis.server.js';
import { startSample, type RunningSample, type SampleReply } from './sample.harness.js';

const [person, another] = TEST_POPULATION;
const PASSWORD = 'a-password-of-redis';
const PEPPER_FILE = ['.data', 'redis.pepper'];

let folder: string;
const closing: (() => unknown)[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'identity-verify-sample-redis-'));
  closing.length = 0;
});
afterEach(async () => {
  for (const close of closing.toReversed()) await close();
  rmSync(folder, { recursive: true });
});

async function redis(...settings: string[]): Promise<RedisServer> {
  const server = await startRedis('--requirepass', PASSWORD, ...settings);
  closing.push(() => server.close());
  return server;
}

async function sampleOn(port: number, environment: Record<string, string> = {}): Promise<RunningSample> {
  const url = `redis://:${PASSWORD}@127.0.0.1:${port}`;
  const sample = await startSample({ REDIS_URL: url, ...environment }, folder);
  closing.push(() => sample.close());
  return sample;
}

/** Asks until the ledger answers. On a busy machine it may miss the 50 ms of the module: refused, and nothing is sent. */
async function ask(sample: RunningSample, path: string, identity: object): Promise<SampleReply> {
  for (;;) {
    const reply = await sample.post(path, identity);
    if (reply.body?.['code'] !== 'IDV_LEDGER_UNAVAILABLE') return reply;
  }
}

/** The state when the ledger answers. */
async function spending(sample: RunningSample): Promise<SampleReply> {
  for (;;) {
    const reply = await sample.get('/status');
    if (reply.body?.['ledgerAnswers'] === true) return reply;
  }
}

const warnings = ({ lines }: RunningSample) => lines.filter((line) => line.includes('"context":"Ledger"'));

/** Asks until the sample is ready again. The time limit of the test bounds it. */
async function untilReady(sample: RunningSample): Promise<void> {
  while ((await sample.get('/health/ready')).status !== 200);
}

describeRedis('the sample with its ledger on Redis', () => {
  it('answers after a restart from the ledger, for both instances, and pays nothing again', async () => {
    const { port } = await redis();
    const first = await sampleOn(port);
    expect(await ask(first, '/verifications', person)).toMatchObject({ body: { source: 'upstream' } });
    expect((await ask(first, '/loan-applications', person)).status).toBe(201);
    expect(first.upstream.calls()).toBe(2);
    expect(await spending(first)).toMatchObject({ body: { ledger: 'redis', ledgerAnswers: true } });
    expect(await first.close()).toBe('SIGTERM');
    expect(warnings(first)).toEqual([]);
    expect(statSync(join(folder, ...PEPPER_FILE)).mode & 0o777).toBe(0o600);

    const second = await sampleOn(port);
    expect(await ask(second, '/verifications', person)).toMatchObject({ body: { outcome: 'match', source: 'ledger' } });
    expect((await ask(second, '/loan-applications', person)).status).toBe(201);
    expect(await spending(second)).toMatchObject({ body: { today: { calls: 1 } } });
    expect(second.upstream.calls()).toBe(0);
  }, 300_000);

  // Four processes do in test/redis/processes.spec.ts, and each takes the sample three seconds of a core to start.
  if (process.env['TEST_LONG']) {
    it('pays once for a question that is asked at the same time in two processes', async () => {
      const { port } = await redis();
      const pepper = { IDENTITY_VERIFY_PEPPER: 'a pepper from the environment, for two'.replaceAll(' ', '-') };
      const both = await Promise.all([sampleOn(port, pepper), sampleOn(port, pepper)]);
      expect(existsSync(join(folder, ...PEPPER_FILE))).toBe(false);
      const asked = both.flatMap((sample) => [1, 2, 3].map(() => ask(sample, '/verifications', person)));
      for (const reply of await Promise.all(asked)) expect(reply).toMatchObject({ body: { outcome: 'match' } });
      expect(both[0].upstream.calls() + both[1].upstream.calls()).toBe(1);
      for (const sample of both) expect(await spending(sample)).toMatchObject({ body: { today: { calls: 1 } } });
    }, 300_000);
  }

  // Tested of the module in test/redis/shutdown.spec.ts.
  if (process.env['TEST_LONG']) {
    it('settles a call that is under way when it is told to stop', async () => {
      const { port } = await redis();
      const hanging = { ...person, mobile: '16000099004' };
      const settings = { IDENTITY_VERIFY_DEADLINE_MS: '1500' };
      const first = await sampleOn(port, settings);
      // Its first question takes long: on a busy machine, as long as the deadline.
      await ask(first, '/verifications', another);
      const before = first.upstream.calls();
      const asked = ask(first, '/verifications', hanging);
      while (first.upstream.calls() === before) await first.get('/status');
      await first.close();
      expect(await asked).toMatchObject({ status: 504 });

      const second = await sampleOn(port, settings);
      expect(await ask(second, '/verifications', hanging)).toMatchObject({
        body: { code: 'IDV_IN_DOUBT', billed: 'no' },
      });
      expect(second.upstream.calls()).toBe(0);
    }, 300_000);
  }

  it.each(process.env['TEST_LONG'] ? ['cannot be reached', 'hangs'] : ['hangs'])(
    'starts while Redis %s, says so everywhere, pays nothing, and is back by itself, also when it is lost later',
    async (trouble) => {
      const server = await redis();
      if (trouble === 'hangs') server.freeze();
      else await server.close();
      const sample = await sampleOn(server.port);
      expect(warnings(sample)).toEqual([expect.stringContaining('The ledger does not answer.')]);
      expect(await sample.get('/health/live')).toMatchObject({ status: 200 });
      expect(await sample.get('/health/ready')).toMatchObject({
        status: 503,
        body: { error: { identityVerify: { status: 'down', ledger: { kind: 'redis', state: 'unavailable' } } } },
      });
      expect(await sample.get('/status')).toMatchObject({
        status: 200,
        body: { ledger: 'redis', ledgerAnswers: false, today: null, thisMonth: null },
      });
      expect(await sample.post('/verifications', person)).toMatchObject({
        status: 503,
        body: { code: 'IDV_LEDGER_UNAVAILABLE', billed: 'no' },
      });
      expect(sample.upstream.calls()).toBe(0);
      // Once at the start, and once from each instance that finds out: no failing probe or refused question adds a line.
      const warned = sample.lines.filter((line) => /"level":[4-9]0/.test(line));
      const sources = warned.map((line) => (JSON.parse(line) as { context: string }).context);
      expect(sources[0]).toBe('Ledger');
      expect(sources.slice(1).filter((source) => !source.startsWith('IdentityVerify'))).toEqual([]);
      expect(new Set(sources).size).toBe(sources.length);

      const other = trouble === 'hangs' ? server : await redis('--port', String(server.port));
      other.thaw();
      await untilReady(sample);
      expect(await ask(sample, '/verifications', person)).toMatchObject({ body: { source: 'upstream' } });
      expect(await ask(sample, '/verifications', person)).toMatchObject({ body: { source: 'ledger' } });

      other.freeze();
      expect(await sample.get('/health/ready')).toMatchObject({ status: 503 });
      expect(await sample.post('/verifications', another)).toMatchObject({ body: { code: 'IDV_LEDGER_UNAVAILABLE' } });
      other.thaw();
      await untilReady(sample);
      expect(await ask(sample, '/verifications', person)).toMatchObject({ body: { source: 'ledger' } });
      expect(sample.upstream.calls()).toBe(1);
      expect(warnings(sample)).toHaveLength(1);
    },
    300_000,
  );

  it('shows neither password nor address in what it answers, logs and says when it does not start', async () => {
    const { port } = await redis();
    const sample = await sampleOn(port, { SAMPLE_LOG_LEVEL: 'debug' });
    await ask(sample, '/verifications', person);
    const replies = await Promise.all(
      ['/status', '/health/ready', '/metrics', '/docs-json', '/'].map(async (path) => (await sample.get(path)).text),
    );
    await sample.close();
    for (const text of [...replies, ...sample.lines]) {
      expect(text).not.toContain(PASSWORD);
      expect(text).not.toContain(`127.0.0.1:${port}`);
    }
    const refused = await sampleOn(port, { IDENTITY_VERIFY_LEDGER: ':memory:' }).catch((error: Error) => error.message);
    expect(refused).toContain('REDIS_URL and IDENTITY_VERIFY_LEDGER are both set');
    expect(refused).not.toContain(PASSWORD);
  }, 300_000);
});
