import { RedisLedger } from '@identity-verify/redis';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { claimOf, matchOf } from './claims.js';
import { describeRedis, startRedis, type RedisServer } from './redis.server.js';

const README = join(import.meta.dirname, '..', '..', 'packages', 'redis', 'README.md');

let server: RedisServer;

describeRedis('the ACL of the README', () => {
  beforeAll(async () => {
    server = await startRedis();
    const [, rule = ''] = /^ACL SETUSER (.+)$/m.exec(await readFile(README, 'utf8')) ?? [];
    const admin = new Redis(server.url);
    await admin.call('ACL', 'SETUSER', ...rule.split(' '));
    admin.disconnect();
  });
  afterAll(() => server?.close());

  it('allows every method of the ledger, and no other keys', async () => {
    const url = server.url.replace('//', '//identity-verify:PASSWORD@');
    const ledger = new RedisLedger({ url, timeoutMs: 2_000 });
    const [settled, released] = [claimOf('settled'), claimOf('released')];
    const { scope } = settled;
    expect(await ledger.claim(settled)).toMatchObject({ verdict: 'granted' });
    expect(await ledger.settle(matchOf(settled))).toBe(true);
    expect(await ledger.claim(released)).toMatchObject({ verdict: 'granted' });
    expect(await ledger.release({ scope, key: released.keys[0]!, owner: released.owner })).toBe(true);
    expect(await ledger.claim(claimOf('settled'))).toMatchObject({ verdict: 'hit' });
    expect(await ledger.spent(scope)).toEqual({ callsToday: 1, callsThisMonth: 1 });
    expect(await ledger.latch(scope)).toBeUndefined();
    expect(await ledger.reopen(scope)).toBe(false);
    expect(await ledger.scopes()).toEqual([scope]);
    expect(await ledger.forget({ ...settled })).toBeGreaterThan(0);
    await ledger.close();

    const elsewhere = new RedisLedger({ url, timeoutMs: 2_000, prefix: 'other:' });
    await expect(elsewhere.spent(scope)).rejects.toThrow(/^Redis has failed: [A-Z]+\.$/);
    await elsewhere.close();
  });
});
