import { ledgerConformance, ManualClock } from '@identity-verify/nestjs/testing';
import { RedisLedger, type NodeRedisLike } from '@identity-verify/redis';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Cluster } from 'ioredis';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { createCluster } from 'redis';
import { claimOf, matchOf } from './claims.js';
import type { OpenClient } from './redis.clients.js';
import { describeRedis, startRedis, type RedisServer } from './redis.server.js';

let masters: RedisServer[] = [];
let harnesses = 0;

const CLUSTER_CLIENTS: Readonly<Record<string, () => Promise<OpenClient>>> = {
  async ioredis() {
    const client = new Cluster(masters.map(({ port }) => ({ host: '127.0.0.1', port })));
    client.on('error', () => undefined);
    return { client, close: async () => client.disconnect() };
  },
  async 'node-redis'() {
    const client = createCluster({ rootNodes: masters.map(({ url }) => ({ url })) });
    client.on('error', () => undefined);
    await client.connect();
    return { client: client as unknown as NodeRedisLike, close: async () => client.destroy() };
  },
};

describeRedis('RedisLedger on a cluster of three masters', () => {
  beforeAll(async () => {
    for (let n = 0; n < 3; n++) masters.push(await startRedis('--cluster-enabled', 'yes'));
    const nodes = masters.map(({ port }) => `127.0.0.1:${port}`);
    const redisCli = promisify(execFile);
    await redisCli('redis-cli', ['--cluster', 'create', ...nodes, '--cluster-yes']);
    for (const { port } of masters) {
      const info = () => redisCli('redis-cli', ['-p', String(port), 'cluster', 'info']);
      while (!(await info()).stdout.includes('cluster_state:ok'));
    }
  }, 30_000);
  afterAll(async () => {
    await Promise.all(masters.map((master) => master.close()));
    masters = [];
  });

  describe.each(Object.keys(CLUSTER_CLIENTS))('with %s', (name) => {
    let opened: OpenClient;
    beforeAll(async () => {
      opened = await CLUSTER_CLIENTS[name]!();
    });
    afterAll(() => opened?.close());

    it.each(ledgerConformance)('$title', async ({ run }) => {
      const clock = new ManualClock();
      const ledger = new RedisLedger({ client: opened.client, clock, prefix: `cluster-${++harnesses}:` });
      await run({ ledger, now: clock.now, advance: (ms) => clock.advance(ms) });
    });

    it('stores scopes on all masters, and lists every scope', async () => {
      const ledger = new RedisLedger({ client: opened.client, prefix: `scopes-${name}:` });
      const scopes = Array.from({ length: 12 }, (_, n) => `default/tenant-${n}`);
      for (const scope of scopes) {
        const claim = claimOf('one', { scope });
        expect((await ledger.claim(claim)).verdict).toBe('granted');
        expect(await ledger.settle(matchOf(claim))).toBe(true);
      }
      expect([...(await ledger.scopes())].sort()).toEqual([...scopes].sort());
      for (const scope of scopes) expect((await ledger.claim(claimOf('one', { scope }))).verdict).toBe('hit');
    });

    it('reads the number of acknowledging replicas from the node of the scope', async () => {
      const ledger = new RedisLedger({ client: opened.client, prefix: `wait-${name}:`, minReplicas: 1 });
      await expect(ledger.claim(claimOf('one'))).rejects.toThrow('minReplicas');
      expect(await ledger.spent('default')).toEqual({ callsToday: 0, callsThisMonth: 0 });
    });
  });
});
