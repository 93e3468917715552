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
/** A claim that nobody settles: a ledger waits for the lease of such when it closes. */
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
  it('hangs: refuses within its time, sends nothing, and is back by itself', async () => {
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

  it('hangs: gives a grant back that comes too late, so that it reserves nothing', async () => {
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

  it('has lost its scripts: loads them again, and asks once', async () => {
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

  it('closes the connection: fails what is under way, and connects again', async () => {
    await start();
    const ledger = ledgerOf(server);
    expect(await ledger.claim(claimOf('before', BRIEF))).toMatchObject({ verdict: 'granted' });
    await admin.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    expect(await untilAnswered(ledger, 'after')).toBe('granted');
  });

  it('is out of memory: refuses, and has changed nothing', async () => {
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

  it('is a replica that cannot be written to: refuses, and answers what it knows', async () => {
    await start();
    const ledger = ledgerOf(server);
    const kept = claimOf('kept');
    await ledger.claim(kept);
    await ledger.settle(matchOf(kept));
    await admin.replicaof('127.0.0.1', '1');
    expect(await failure(ledger.claim(claimOf('new')))).toEqual(new RedisLedgerError('Redis has failed: READONLY.'));
    expect(await ledger.claim(claimOf('kept'))).toMatchObject({ verdict: 'hit' });
  });

  it('cannot be reached when the application starts: starts all the same, and refuses', async () => {
    await start();
    await server.close();
    const { service } = await application(ledgerOf(server), new FakeUpstream());
    const [person] = people(1);
    const error = (await failure(service.verify(person!))) as IdentityVerifyError;
    expect(error).toMatchObject({ code: 'IDV_LEDGER_UNAVAILABLE' });
    expect(`${error.message}${JSON.stringify(error)}`).not.toContain(String(server.port));
  });

  it('has fewer replicas than a claim needs: takes the claim back and refuses, and grants it when they are there', async () => {
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
  }, 30_000);

  it('dies, and a replica that has acknowledged is promoted: no claim that was granted is granted again', async () => {
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
    await server.close(); // by SIGKILL, with claims under way
    const granted = (await Promise.all(ends)).flatMap((end, n) => (end === 'granted' ? [claims[n]!] : []));
    expect(granted.length).toBeGreaterThan(0);
    const promoted = new Redis(replica.url, { disconnectTimeout: 50 });
    closing.push(() => promoted.disconnect());
    await promoted.replicaof('NO', 'ONE');
    const after = ledgerOf(replica);
    for (const { keys, idKeys, mobileKeys } of granted) {
      expect(await after.claim(claimOf('again', { keys, idKeys, mobileKeys }))).toMatchObject({ verdict: 'in_flight' });
    }
    // Its grants have no end of their own any more; closing it would wait for their leases.
    for (const claim of claims) await before.release({ ...claim, key: '' }).catch(() => undefined);
  }, 30_000);
});

/** Claims until the ledger answers. Refusals come at once, so each waits for a turn of the event loop. */
async function untilAnswered(ledger: RedisLedger, name: string): Promise<string> {
  for (;;) {
    const answer = await ledger.claim(claimOf(name, BRIEF)).catch(() => undefined);
    if (answer) return answer.verdict;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Everything that the server holds, without the times at which it expires. */
async function dump(): Promise<Record<string, unknown>> {
  const all: Record<string, unknown> = {};
  for (const key of (await admin.keys('*')).sort()) {
    const type = await admin.type(key);
    all[key] = type === 'hash' ? await admin.hgetall(key) : await admin.zrange(key, 0, '-1', 'WITHSCORES');
  }
  return all;
}
