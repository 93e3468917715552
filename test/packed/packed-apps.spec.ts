import { TEST_POPULATION } from '@identity-verify/contract';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listen, run, type Listening } from '../../tools/lib/packed/commands.mjs';
import { packAll } from '../../tools/lib/packed/tarballs.mjs';
import { describeRedis, startRedis } from '../redis/redis.server.js';
import { openSocketIo, openWs } from '../support/socket.clients.js';
import { createApp, type FreshApp } from './fresh-app.js';

const MINUTES = 60_000;

// Nest 12 is ES modules only, and a Jest that runs tests as CommonJS can load those from Node 24.9 on.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const jestCanRequireEsm = major > 24 || (major === 24 && minor >= 9);

const EVERY_APP: readonly FreshApp[] = [
  { name: 'nest-11-commonjs', extensionless: true, unitTests: ['test'] },
  { name: 'nest-12-esm', extensionless: false, unitTests: ['test', 'test:jest'] },
  { name: 'nest-12-commonjs', extensionless: true, unitTests: jestCanRequireEsm ? ['test'] : [] },
];
// The oldest Nest, and the build for CommonJS, which runs nowhere else. The sample is an application of Nest 12 with ES
// modules; `TEST_LONG` installs those from tarballs, too.
const APPS = process.env['TEST_LONG'] ? EVERY_APP : EVERY_APP.slice(0, 1);

const [person] = TEST_POPULATION;
let folder: string;
/** The folder of each application, installed and built. They build in parallel, because they mostly wait for the disk. */
const homes = new Map<string, Promise<string>>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'identity-verify-packed-'));
  const tarballs = await packAll(join(folder, 'tarballs'));
  for (const app of APPS) homes.set(app.name, prepare(app, tarballs));
  await Promise.allSettled(homes.values());
}, 8 * MINUTES);

async function prepare(app: FreshApp, tarballs: Awaited<ReturnType<typeof packAll>>): Promise<string> {
  const home = join(folder, app.name);
  await createApp(app, home, tarballs);
  await run('npm', ['run', 'build'], home);
  return home;
}

afterAll(() => rm(folder, { recursive: true, force: true }), MINUTES);

describe.each(APPS)('a fresh $name application', ({ name, unitTests }) => {
  let home: string;
  let mock: Listening | undefined;
  let server: Listening | undefined;

  beforeAll(async () => {
    home = (await homes.get(name)) ?? '';
    mock = await listen('node_modules/@identity-verify/mock-server/dist/command/main.cjs', ['--port', '0'], home);
    server = await listen('dist/main.js', [], home, { UPSTREAM: mock.url });
  });

  afterAll(async () => {
    await server?.stop();
    await mock?.stop();
  });

  const postTo = (to: Listening | undefined, path: string, body: unknown) =>
    fetch(`${to?.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const post = (path: string, body: unknown) => postTo(server, path, body);

  it('asks the mock of the tarball and gets a match', async () => {
    const reply = await post('/verifications', person);
    expect(reply.status).toBe(200);
    expect(await reply.json()).toMatchObject({ outcome: 'match', code: '10000', source: 'upstream' });
  });

  it('lets only a match through its guard', async () => {
    const match = await post('/enrolments', person);
    expect([match.status, await match.json()]).toEqual([201, { mobile: person.mobile, by: '10000' }]);
    expect((await post('/enrolments', { ...person, mobile: '16000000002' })).status).toBe(403);
    expect((await post('/enrolments', { ...person, mobile: '1' })).status).toBe(422);
  });

  it('answers with the media type of problem details', async () => {
    for (const mobile of ['16000000002', '1']) {
      const { headers } = await post('/enrolments', { ...person, mobile });
      expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
    }
  });

  it.each([
    ['ws', openWs],
    ['socket.io', openSocketIo],
  ])('answers an invalid message over %s, and handles the next one', async (sockets, open) => {
    const own = await listen('dist/main.js', [], home, { UPSTREAM: mock?.url ?? '', SOCKETS: sockets });
    const client = await open(own.url);
    try {
      for (const message of [{ ...person, mobile: '1' }, {}, null, { ...person, mobile: '16000000002' }]) {
        expect(await client.ask(message)).toEqual({
          event: 'exception',
          data: expect.objectContaining({ status: 'error', code: expect.stringMatching(/^IDV_/) }),
        });
      }
      const enrolled = { event: 'enrolled', data: { mobile: person.mobile, by: '10000' } };
      expect(await client.ask({ ...person, mobile: `+86 ${person.mobile}` })).toEqual(enrolled);
    } finally {
      client.close();
      await own.stop();
    }
  });

  it('keeps a named instance beside the default one', async () => {
    const loan = await post('/loans', person);
    expect([loan.status, await loan.json()]).toEqual([201, { spent: 1 }]);
  });

  /** Asks once with a ledger, and once more after the application was started again. */
  async function askOverARestart(ledger: Record<string, string>): Promise<unknown[]> {
    const sources = [];
    for (let start = 0; start < 2; start++) {
      const own = await listen('dist/main.js', [], home, { UPSTREAM: mock?.url ?? '', ...ledger });
      const reply = await postTo(own, '/verifications', person);
      sources.push([reply.status, ((await reply.json()) as { source?: unknown }).source]);
      await own.stop();
    }
    return sources;
  }

  it(
    'keeps its ledger in a SQLite file, and pays nothing again after a restart',
    async () => {
      const file = join(folder, `${name}.db`);
      const sources = await askOverARestart({ LEDGER_FILE: file });
      expect(sources).toEqual([
        [200, 'upstream'],
        [200, 'ledger'],
      ]);
      expect((await stat(file)).size).toBeGreaterThan(0);
      expect(await stat(`${file}-wal`).catch(() => ({ size: 0 }))).toMatchObject({ size: 0 }); // closed by Nest
    },
    MINUTES,
  );

  describeRedis('with redis-server', () => {
    it(
      'keeps its ledger on Redis, and pays nothing again after a restart',
      async () => {
        const redis = await startRedis();
        try {
          expect(await askOverARestart({ REDIS_URL: redis.url })).toEqual([
            [200, 'upstream'],
            [200, 'ledger'],
          ]);
        } finally {
          await redis.close();
        }
      },
      MINUTES,
    );
  });

  it('starts without its Redis, and refuses questions until it answers', async () => {
    const own = await listen('dist/main.js', [], home, { UPSTREAM: mock?.url ?? '', REDIS_URL: 'redis://127.0.0.1:1' });
    try {
      const reply = await postTo(own, '/verifications', person);
      expect([reply.status, await reply.json()]).toEqual([
        503,
        expect.objectContaining({ code: 'IDV_LEDGER_UNAVAILABLE' }),
      ]);
    } finally {
      await own.stop();
    }
  });

  for (const script of unitTests) {
    it(`passes its unit test with the script "${script}"`, async () => {
      await expect(run('npm', ['run', script], home)).resolves.toEqual(expect.any(String));
    }, 120_000);
  }
});
