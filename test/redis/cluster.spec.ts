import { ledgerConformance, ManualClock } from '@identity-verify/nestjs/testing';
import { RedisLedger, type NodeRedisLike } from '@identity-verify/redis';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createCluster } from 'redis';
import { claimOf, matchOf } from './claims.js';
import type { OpenClient } from './redis.clients.js';
import { startCluster, type RedisCluster } from './redis.cluster.js';
import { describeRedis } from './redis.server.js';

let cluster: RedisCluster;
let harnesses = 0;

const CLUSTER_CLIENTS: Readonly<Record<string, () => Promise<OpenClient>>> = {
  ioredis: () => cluster.openClient(),
  async 'node-redis'() {
    const client = createCluster({ rootNodes: cluster.masters.map(({ url }) => ({ url })) });
    client.on('error', () => undefined);
    await client.connect();
    return { client: client as unknown as NodeRedisLike, close: async () => client.destroy() };
  },
};

describeRedis('RedisLedger on a cluster of three masters', () => {
  beforeAll(async () => {
    cluster = await startCluster();
  }, 120_000);
  afterAll(async () => {
    await cluster?.close();
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
