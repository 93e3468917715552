import * as nestjs from '@identity-verify/nestjs';
import type { RedisLedger as Ledger } from '@identity-verify/redis';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { claimOf, matchOf } from './claims.js';
import { describeRedis, startRedis, type RedisServer } from './redis.server.js';

let server: RedisServer;

/** A ledger in an application with only some of the client libraries. */
async function ledgerWithout(missing: readonly string[], url: string): Promise<Ledger> {
  jest.resetModules();
  // The ledger and the clients are loaded anew; the module, which takes longest, is the same each time.
  jest.unstable_mockModule('@identity-verify/nestjs', () => nestjs);
  for (const name of ['ioredis', 'iovalkey', 'redis']) {
    jest.unstable_unmockModule(name);
    if (!missing.includes(name)) continue;
    jest.unstable_mockModule(name, () => {
      throw Object.assign(new Error('not found'), { code: 'ERR_MODULE_NOT_FOUND' });
    });
  }
  const { RedisLedger } = await import('@identity-verify/redis');
  return new RedisLedger({ url, timeoutMs: 2_000 });
}

describeRedis('a ledger that is given a URL', () => {
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server?.close());

  it.each([
    ['ioredis', []],
    ['iovalkey', ['ioredis']],
    ['node-redis', ['ioredis', 'iovalkey']],
  ])('opens and closes a connection with %s when it is the first one installed', async (name, missing) => {
    const ledger = await ledgerWithout(missing, server.url);
    await ledger.onModuleInit();
    const claim = claimOf(`url-${name}`);
    expect(await ledger.claim(claim)).toMatchObject({ verdict: 'granted' });
    expect(await ledger.settle(matchOf(claim))).toBe(true);
    await ledger.close();
    await ledger.close();
  });

  it.each([
    ['ioredis', []],
    ['node-redis', ['ioredis', 'iovalkey']],
  ])('starts without a server and refuses at once with %s', async (_name, missing) => {
    const ledger = await ledgerWithout(missing, 'redis://user:secret@127.0.0.1:1');
    await ledger.onModuleInit();
    const error = await ledger.claim(claimOf('nobody')).catch((failure: unknown) => failure);
    expect(error).toMatchObject({ name: 'RedisLedgerError', message: expect.not.stringMatching(/secret|127|:1/) });
    await ledger.close();
  });

  it('names the package to install when there is no client', async () => {
    const ledger = await ledgerWithout(['ioredis', 'iovalkey', 'redis'], server.url);
    await expect(ledger.onModuleInit()).rejects.toThrow('add ioredis, iovalkey or redis');
  });
});
