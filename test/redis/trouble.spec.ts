import type { IdentityVerifyError } from '@identity-verify/nestjs';
import { FakeUpstream } from '@identity-verify/nestjs/testing';
import { RedisLedger, RedisLedgerError } from '@identity-verify/redis';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { openClient, type Client } from '../support/client.js';
import { claimOf, matchOf } from './claims.js';
import { people } from './people.js';
import { CLIENTS } from './redis.clients.js';
import { describeRedis, startRedis, type RedisServer } from './redis.server.js';

let server: RedisServer;
let admin: Redis;
/** For a claim that is never settled: a ledger waits for its lease when it closes. */
const BRIEF = { leaseMs: 1 };
const closing: (() => unknown)[] = [];

beforeEach(() => {
  closing.length = 0;
});
afterEach(async () => {
  for (const close of closing.toReversed()) await close();
});

async function start(...settings: string[]): Promise<RedisServer> {
  server = await startRedis(...settings);
  closing.push(() => server.close());
  admin = new Redis(server.url, { disconnectTimeout: 50 });
  admin.on('error', () => undefined);
  closing.push(() => admin.disconnect());
  return server;
}

function ledgerOf({ url }: RedisServer, options: { readonly minReplicas?: number } = {}): RedisLedger {
  const ledger = new RedisLedger({ url, timeoutMs: 2_000, ...options });
  closing.push(() => ledger.close());
  return ledger;
}

async function application(ledger: RedisLedger, upstream: FakeUpstream): Promise<Client> {
  const client = await openClient({
    credentials: { appCode: 'a' },
    baseUrl: 'http://127.0.0.1',
    transport: upstream,
    ledger,
    ledgerTimeoutMs: 2_000,
  });
  closing.push(() => client.close());
  return client;
}

const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => 'no failure',
    (error: unknown) => error,
  );

describeRedis('RedisLedger, when Redis', () => {
  it('hangs: refuses within the timeout without a call, and recovers', async () => {
    await start();
    const upstream = new FakeUpstream();
    const { service } = await application(ledgerOf(server), upstream);
    const [first, second, third] = people(3);
    expect(await service.verify(first!)).toMatchObject({ outcome: 'match', source: 'upstream' });
    server.freeze();
    const refused = await failure(service.verify(second!));
    server.thaw();
    expect(refused).toMatchObject({ code: 'IDV_LEDGER_UNAVAILABLE', billed: 'no', httpStatus: 503 });
    expect(upstream.cost.calls).toBe(1);
    await admin.ping();
    expect(await service.verify(first!)).toMatchObject({ source: 'ledger' });
    expect(await service.verify(third!)).toMatchObject({ source: 'upstream' });
  });

  it('hangs: releases a late grant, so that it reserves nothing', async () => {
    await start();
    const { service } = await application(ledgerOf(server), new FakeUpstream());
    const [person] = people(1);
    await service.spent();
    server.freeze();
    const refused = await failure(service.verify(person!));
    server.thaw();
    expect(refused).toMatchObject({ code: 'IDV_LEDGER_UNAVAILABLE' });
    await admin.ping();
    let today = 1;
    for (let n = 0; n < 1_000 && today > 0; n++) today = (await service.spent()).today.calls;
    expect(today).toBe(0);
    expect(await service.verify(person!)).toMatchObject({ source: 'upstream' });
  });

  it('has lost its scripts: loads them again, and claims once', async () => {
    await start();
    const ledger = ledgerOf(server);
    for (let n = 0; n < 3; n++) {
      await admin.script('FLUSH');
      const claim = claimOf(`flush-${n}`);
      expect(await ledger.claim(claim)).toMatchObject({ verdict: 'granted', spent: { callsToday: n + 1 } });
      await admin.script('FLUSH');
      expect(await ledger.settle(matchOf(claim))).toBe(true);
    }
  });

  it.each(Object.keys(CLIENTS))(
    'has lost its scripts while a claim waits for replicas: loads them again, with %s',
    async (name) => {
      await start();
      const { client, close } = await CLIENTS[name]!(server.url);
      closing.push(close);
      const ledger = new RedisLedger({ client, minReplicas: 1 });
      await admin.script('FLUSH');
      expect(String(await failure(ledger.claim(claimOf('one'))))).toContain('minReplicas');
      expect(await ledger.spent('default')).toEqual({ callsToday: 0, callsThisMonth: 0 });
    },
  );

  it('closes the connection: fails pending commands, and reconnects', async () => {
    await start();
    const ledger = ledgerOf(server);
    expect(await ledger.claim(claimOf('before', BRIEF))).toMatchObject({ verdict: 'granted' });
    await admin.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    expect(await untilAnswered(ledger, 'after')).toBe('granted');
  });

  it('is out of memory: refuses, and changes nothing', async () => {
    await start('--maxmemory-policy', 'noeviction');
    const ledger = ledgerOf(server);
    const open = claimOf('open');
    const kept = claimOf('kept');
    for (const claim of [open, kept]) await ledger.claim(claim);
    await ledger.settle(matchOf(kept));
    const before = await dump();
    await admin.config('SET', 'maxmemory', '1');
    const { scope, keys, owner } = open;
    for (const failing of [
      ledger.claim(claimOf('new')),
      ledger.settle(matchOf(open)),
      ledger.release({ scope, key: keys[0]!, owner }),
    ]) {
      expect(await failure(failing)).toEqual(new RedisLedgerError('Redis has failed: OOM.'));
    }
    expect(await ledger.claim(claimOf('kept'))).toMatchObject({ verdict: 'hit' });
    await admin.config('SET', 'maxmemory', '0');
    expect(await dump()).toEqual(before);
    expect(await ledger.settle(matchOf(open))).toBe(true);
  });

  it('is out of memory: still forgets', async () => {
    await start('--maxmemory-policy', 'noeviction');
    const ledger = ledgerOf(server);
    const kept = claimOf('kept');
    await ledger.claim(kept);
    await ledger.settle(matchOf(kept));
    await admin.config('SET', 'maxmemory', '1');
    const { scope, keys, idKeys, mobileKeys } = kept;
    expect(await ledger.forget({ scope, keys, idKeys, mobileKeys })).toBeGreaterThan(0);
    expect(Object.keys(await dump()).filter((key) => /:[qsl]:/.test(key))).toEqual([]);
  });

  it('is a read-only replica: refuses new claims, and returns kept answers', async () => {
    await start();
    const ledger = ledgerOf(server);
    const kept = claimOf('kept');
    await ledger.claim(kept);
    await ledger.settle(matchOf(kept));
    await admin.replicaof('127.0.0.1', '1');
    expect(await failure(ledger.claim(claimOf('new')))).toEqual(new RedisLedgerError('Redis has failed: READONLY.'));
    expect(await ledger.claim(claimOf('kept'))).toMatchObject({ verdict: 'hit' });
  });

  it('is unreachable at the start of the application: starts, and refuses', async () => {
    await start();
    await server.close();
    const { service } = await application(ledgerOf(server), new FakeUpstream());
    const [person] = people(1);
    const error = (await failure(service.verify(person!))) as IdentityVerifyError;
    expect(error).toMatchObject({ code: 'IDV_LEDGER_UNAVAILABLE' });
    expect(`${error.message}${JSON.stringify(error)}`).not.toContain(String(server.port));
  });

  it('has too few replicas: releases the claim and refuses, and grants it once they are connected', async () => {
    await start('--repl-diskless-sync-delay', '0');
    const ledger = ledgerOf(server, { minReplicas: 1 });
    const error = await failure(ledger.claim(claimOf('alone')));
    expect(error).toBeInstanceOf(RedisLedgerError);
    expect(String(error)).toContain('minReplicas');
    expect(await ledger.spent('default')).toEqual({ callsToday: 0, callsThisMonth: 0 });
    const replica = await startRedis('--replicaof', `127.0.0.1 ${server.port}`);
    closing.push(() => replica.close());
    while (!(await admin.info('replication')).includes('state=online')) await admin.ping();
    expect(await untilAnswered(ledger, 'alone')).toBe('granted');
  }, 120_000);

  it('dies, and an acknowledging replica is promoted: no granted claim is granted again', async () => {
    await start('--repl-diskless-sync-delay', '0');
    const replica = await startRedis('--replicaof', `127.0.0.1 ${server.port}`);
    closing.push(() => replica.close());
    while (!(await admin.info('replication')).includes('state=online')) await admin.ping();
    const before = ledgerOf(server, { minReplicas: 1 });
    expect(await untilAnswered(before, 'warm')).toBe('granted');
    const claims = Array.from({ length: 50 }, (_, n) => claimOf(`failover-${n}`));
    const ends = claims.map((claim) =>
      before.claim(claim).then(
        ({ verdict }) => verdict,
        () => 'failed',
      ),
    );
    await Promise.any(ends);
    await server.close(); // by SIGKILL, with pending claims
    const granted = (await Promise.all(ends)).flatMap((end, n) => (end === 'granted' ? [claims[n]!] : []));
    expect(granted.length).toBeGreaterThan(0);
    const promoted = new Redis(replica.url, { disconnectTimeout: 50 });
    closing.push(() => promoted.disconnect());
    await promoted.replicaof('NO', 'ONE');
    const after = ledgerOf(replica);
    for (const { keys, idKeys, mobileKeys } of granted) {
      expect(await after.claim(claimOf('again', { keys, idKeys, mobileKeys }))).toMatchObject({ verdict: 'in_flight' });
    }
    // These grants can no longer be settled; without this, closing the ledger waits for their leases.
    for (const claim of claims) await before.release({ ...claim, key: '' }).catch(() => undefined);
  }, 120_000);
});

/** Claims until the ledger answers. Refusals are immediate, so each is followed by a turn of the event loop. */
async function untilAnswered(ledger: RedisLedger, name: string): Promise<string> {
  for (;;) {
    const answer = await ledger.claim(claimOf(name, BRIEF)).catch(() => undefined);
    if (answer) return answer.verdict;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** The content of the server, without expiry times. */
async function dump(): Promise<Record<string, unknown>> {
  const all: Record<string, unknown> = {};
  for (const key of (await admin.keys('*')).sort()) {
    const type = await admin.type(key);
    all[key] = type === 'hash' ? await admin.hgetall(key) : await admin.zrange(key, 0, '-1', 'WITHSCORES');
  }
  return all;
}
