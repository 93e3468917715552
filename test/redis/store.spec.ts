import { MemoryLedger } from '@identity-verify/nestjs';
import { FakeUpstream, ManualClock } from '@identity-verify/nestjs/testing';
import { RedisLedger } from '@identity-verify/redis';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { Redis } from 'ioredis';
import { openClient } from '../support/client.js';
import { claimOf, matchOf } from './claims.js';
import { people } from './people.js';
import { CLIENTS } from './redis.clients.js';
import { describeRedis, startRedis, type RedisServer } from './redis.server.js';

let server: RedisServer;
let admin: Redis;

/** The commands that the server receives during `run`, on request with those of its scripts. */
async function commandsOf(run: () => Promise<unknown>, withScripts = false): Promise<string[][]> {
  const monitor = await admin.monitor();
  const seen: string[][] = [];
  monitor.on('monitor', (_time: string, args: string[], source: string) => {
    if (withScripts || source !== 'lua') seen.push(args);
  });
  await run();
  const marker = once(monitor, 'monitor');
  await admin.echo('marker');
  while (!seen.some(([command]) => command === 'echo')) await marker.then(() => admin.ping());
  monitor.disconnect();
  return seen.filter(([command]) => !['echo', 'ping', 'info'].includes(command!));
}

describeRedis('RedisLedger', () => {
  beforeAll(async () => {
    server = await startRedis();
    admin = new Redis(server.url, { disconnectTimeout: 50 });
  });
  afterAll(async () => {
    admin?.disconnect();
    await server?.close();
  });
  beforeEach(() => admin.flushall());

  it('sends no personal data to the server, neither in commands nor in keys nor in values', async () => {
    const ledger = new RedisLedger({ url: server.url, timeoutMs: 2_000 });
    const asked = people(5);
    const options = { credentials: { appCode: 'a-secret-app-code' }, baseUrl: 'http://127.0.0.1', ledger };
    const upstream = new FakeUpstream();
    const client = await openClient({ ...options, transport: upstream, ledgerTimeoutMs: 2_000 });
    const seen = await commandsOf(async () => {
      for (const person of asked) await client.service.verify(person);
      for (const person of asked) await client.service.verify(person);
      await client.service.forget({ idCard: asked[0]!.idCard });
    }, true);
    const dumped = await Promise.all((await admin.keys('*')).map(async (key) => [key, await admin.dumpBuffer(key)]));
    const everything = `${JSON.stringify(seen)}${dumped.map(String).join('\n')}`;
    expect(everything).toContain('"10000');
    for (const { name, idCard, mobile } of asked) {
      for (const secret of [name, idCard, mobile, mobile.slice(3)]) {
        for (const form of [
          secret,
          encodeURIComponent(secret),
          Buffer.from(secret).toString('base64'),
          JSON.stringify(secret),
        ])
          expect(everything).not.toContain(form);
      }
    }
    expect(everything).not.toContain('a-secret-app-code');
    await client.close();
  });

  it('takes two round trips for a paid call, and one for a hit', async () => {
    const { client, close } = await CLIENTS['ioredis']!(server.url);
    const ledger = new RedisLedger({ client });
    const warm = claimOf('warm');
    await ledger.claim(warm);
    await ledger.settle(matchOf(warm));
    await ledger.release({ scope: warm.scope, key: warm.keys[0]!, owner: warm.owner });
    const seen = await commandsOf(async () => {
      const claim = claimOf('paid');
      await ledger.claim(claim);
      await ledger.settle(matchOf(claim));
      await ledger.claim(claimOf('paid'));
      const unsent = claimOf('unsent');
      await ledger.claim(unsent);
      await ledger.release({ scope: unsent.scope, key: unsent.keys[0]!, owner: unsent.owner });
    });
    expect(seen.map(([command, , , key]) => [command, key])).toEqual(
      Array.from({ length: 5 }, () => ['evalsha', 'idv:{default}']),
    );
    await close();
  });

  it.each([
    ['over midnight and back', ['2026-06-10T15:00Z', '2026-06-10T17:00Z', '2026-06-10T15:00Z', '2026-06-10T17:00Z']],
    ['over the end of a month and back', ['2026-05-31T15:00Z', '2026-05-31T17:00Z', '2026-05-31T15:00Z']],
    ['over the end of a year and back', ['2026-12-31T15:00Z', '2026-12-31T17:00Z', '2026-12-31T15:00Z']],
    ['days ahead by mistake', ['2026-06-10T15:00Z', '2026-06-14T15:00Z', '2026-06-10T15:00Z', '2026-06-11T15:00Z']],
  ])('counts calls as the ledger in memory does when its clock is set %s', async (_what, times) => {
    const { client, close } = await CLIENTS['ioredis']!(server.url);
    const clock = new ManualClock();
    const ledgers = [new RedisLedger({ client, clock }), new MemoryLedger({ clock })];
    const budget = { callsPerDay: 5, callsPerMonth: 8 };
    for (const [at, time] of times.entries()) {
      clock.jump(Date.parse(time) - clock.now());
      for (let n = 0; n < 3; n++) {
        const [ours, theirs] = await Promise.all(
          ledgers.map(async (ledger) => {
            const claimed = await ledger.claim(claimOf(`${at}-${n}`, { budget, subjectLimit: undefined }));
            return { claimed, spent: await ledger.spent('default') };
          }),
        );
        expect(ours).toEqual(theirs);
      }
    }
    await close();
  });

  it('stores all keys of a scope under one hash tag, each with an expiry', async () => {
    const { client, close } = await CLIENTS['ioredis']!(server.url);
    const ledger = new RedisLedger({ client, prefix: 'app:' });
    for (const scope of ['default', 'lending/tenant {7}', '}{', '%7D']) {
      const ends = ['answered', 'in_doubt', 'blocked', 'latched', 'open', 'released', 'fresh', 'forgotten'] as const;
      for (const end of ends) {
        const claim = claimOf(end, { scope });
        expect((await ledger.claim(claim)).verdict).toBe('granted');
        const grant = { scope, key: claim.keys[0]!, owner: claim.owner };
        if (end === 'answered' || end === 'forgotten') await ledger.settle(matchOf(claim));
        if (end === 'in_doubt') await ledger.settle({ ...grant, result: { kind: 'in_doubt', ttlMs: 1_000 } });
        if (end === 'blocked') await ledger.settle({ ...grant, result: { kind: 'unbilled', blockMs: 1_000 } });
        if (end === 'released') await ledger.release(grant);
        if (end === 'forgotten') await ledger.forget({ ...claim });
        if (end === 'latched') {
          await ledger.settle({ ...grant, result: { kind: 'unbilled', latch: { name: 'quota', ms: 60_000 } } });
          await ledger.reopen(scope);
        }
      }
    }
    const keys = await admin.keys('*');
    const tags = new Set<string>();
    for (const key of keys) {
      expect(await admin.pttl(key)).toBeGreaterThan(0);
      if (key === 'app:scopes') continue;
      const [, tag = ''] = /^app:\{([^{}]+)\}/.exec(key) ?? [];
      expect(tag).not.toBe('');
      tags.add(tag);
    }
    expect(tags.size).toBe(4);
    expect(keys.filter((key) => /forgotten|released/.test(key))).toEqual([]);
    expect([...(await ledger.scopes())].sort()).toEqual(['%7D', 'default', 'lending/tenant {7}', '}{']);
    await close();
  });

  it('closes a latch with an expiry even after the account of the scope was evicted', async () => {
    const { client, close } = await CLIENTS['ioredis']!(server.url);
    const ledger = new RedisLedger({ client });
    const claim = claimOf('latched');
    await ledger.claim(claim);
    await admin.del('idv:{default}');
    const result = { kind: 'unbilled', latch: { name: 'quota', ms: 60_000 } } as const;
    expect(await ledger.settle({ scope: claim.scope, key: claim.keys[0]!, owner: claim.owner, result })).toBe(true);
    expect(await ledger.claim(claimOf('next'))).toMatchObject({ verdict: 'refused', reason: 'latched' });
    expect(await admin.pttl('idv:{default}')).toBeGreaterThan(0);
    await close();
  });

  it('lists a scope again after the server lost its data', async () => {
    const { client, close } = await CLIENTS['ioredis']!(server.url);
    const ledger = new RedisLedger({ client });
    await ledger.claim(claimOf('before'));
    await admin.flushall();
    expect(await ledger.scopes()).toEqual([]);
    await Promise.all(['a', 'b', 'c'].map((name) => ledger.claim(claimOf(name))));
    expect(await ledger.scopes()).toEqual(['default']);
    await close();
  });

  describe('when it is closed', () => {
    it('waits for the pending call, and then grants no claim', async () => {
      const ledger = new RedisLedger({ url: server.url, timeoutMs: 2_000 });
      const claim = claimOf('open');
      await ledger.claim(claim);
      const closed = ledger.onApplicationShutdown();
      expect(await ledger.settle(matchOf(claim))).toBe(true);
      await closed;
      await expect(ledger.claim(claimOf('late'))).rejects.toThrow('closed');
    });

    it.each(Object.keys(CLIENTS))('leaves a client of %s from the application open', async (name) => {
      const { client, close } = await CLIENTS[name]!(server.url);
      const ledger = new RedisLedger({ client });
      await ledger.spent('default');
      await ledger.close();
      expect(await client.eval('return 7', (name === 'node-redis' ? {} : 0) as never)).toBe(7);
      await close();
    });
  });

  it.each([
    [{ url: 'http://user:secret@host' }, 'url must begin'],
    [{ url: 'redis://h', prefix: 'a{b}' }, 'prefix must be'],
    [{ url: 'redis://h', prefix: 'a b' }, 'prefix must be'],
    [{ url: 'redis://h', minReplicas: 0.5 }, 'minReplicas must be'],
    [{ url: 'redis://h', replicaTimeoutMs: 0 }, 'replicaTimeoutMs must be'],
    [{ url: 'redis://h', timeoutMs: NaN }, 'timeoutMs must be'],
    [{ client: {} }, 'client must be'],
    [{ client: null }, 'client must be'],
    [{}, 'client must be'],
  ])('refuses invalid options by name and rule, without the value: %j', (options, message) => {
    const open = () => new RedisLedger(options as never);
    expect(open).toThrow(message);
    expect(open).not.toThrow('secret');
  });
});
