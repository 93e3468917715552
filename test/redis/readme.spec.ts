import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { transpile } from '../support/transpile.js';
import { describeRedis, startRedis, type RedisServer } from './redis.server.js';

const run = promisify(execFile);
const root = join(import.meta.dirname, '..', '..', 'packages', 'redis');
// Inside the package, where its own name and its peers resolve as they do for a user.
const folder = join(root, '.build', 'readme');

const READMES = ['README.md', 'README.zh-CN.md'];
const readmes = await Promise.all(
  READMES.map(async (file) => ({ file, readme: await readFile(join(root, file), 'utf8') })),
);
const blocks = readmes.flatMap(({ file, readme }) =>
  [...readme.matchAll(/```ts\n(.*?)```/gs)].map(([, code = ''], index) => ({ file, index, code })),
);

/**
 * Starts the application of a block, asks what was spent, closes it, and then the client that is the application's own.
 * A busy machine may need longer than the 50 ms that a ledger has by default, so it asks again, as the error says.
 */
const RUNNER = `
import 'reflect-metadata';
import { IdentityVerifyService } from '@identity-verify/nestjs';
import { NestFactory } from '@nestjs/core';
import { Redis } from 'ioredis';
const { AppModule } = await import(process.argv[2]);
const app = await NestFactory.createApplicationContext(AppModule, { logger: false, abortOnError: false });
const own = process.argv[3] === 'own' ? app.get(Redis, { strict: false }) : undefined;
if (own?.status === 'connecting' || own?.status === 'connect') await new Promise((resolve) => own.once('ready', resolve));
const service = app.get(IdentityVerifyService, { strict: false });
const spent = (triesLeft) =>
  service.spent().catch(async (error) => {
    if (error.code !== 'IDV_LEDGER_UNAVAILABLE' || triesLeft === 0) throw error;
    await new Promise((resolve) => setTimeout(resolve, error.retryAfterMs ?? 20));
    return spent(triesLeft - 1);
  });
const { today } = await spent(50);
await app.close();
const status = own?.status;
own?.disconnect();
console.log(JSON.stringify({ today, status }));
`;

describeRedis('the README of the ledger on Redis', () => {
  let server: RedisServer;
  let admin: Redis;
  beforeAll(async () => {
    server = await startRedis();
    admin = new Redis(server.url);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'run.mjs'), RUNNER);
  });
  afterAll(async () => {
    admin?.disconnect();
    await server?.close();
    await rm(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    await admin.config('RESETSTAT');
  });

  it.each(blocks)(
    'shows in $file, block $index, an application that starts, reaches Redis and ends by itself',
    async ({ file, index, code }) => {
      const outputText = transpile(code);
      const block = join(folder, `${file}-${index}.mjs`);
      await writeFile(block, outputText);
      const isOwn = code.includes("from 'ioredis'");
      const { stdout } = await run(process.execPath, [join(folder, 'run.mjs'), block, isOwn ? 'own' : 'url'], {
        cwd: root,
        env: {
          ...process.env,
          APP_CODE: 'an-app-code-of-the-tests',
          IDENTITY_VERIFY_PEPPER: 'a pepper of the tests, long enough',
          REDIS_URL: server.url,
          NODE_OPTIONS: '',
        },
      });
      // A client that was handed in is still open when the application has closed.
      expect(JSON.parse(stdout)).toMatchObject({ today: { calls: 0 }, ...(isOwn && { status: 'ready' }) });
      expect(await admin.info('commandstats')).toContain('cmdstat_eval');
    },
    120_000,
  );

  it('has the same code in both languages', () => {
    const codeOf = (name: string) => blocks.filter(({ file }) => file === name).map(({ code }) => code);
    expect(codeOf('README.md')).toHaveLength(2);
    expect(codeOf('README.zh-CN.md')).toEqual(codeOf('README.md'));
  });
});
