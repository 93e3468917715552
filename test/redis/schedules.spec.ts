import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startCluster } from './redis.cluster.js';
import { CLIENTS, type OpenClient } from './redis.clients.js';
import { describeRedis, startRedis } from './redis.server.js';
import { LEAST_STEPS, playSchedules } from './schedules.js';

/** Opens a client, and what it is connected to. */
const PLACES: Readonly<Record<string, () => Promise<OpenClient>>> = {
  async 'one server'() {
    const server = await startRedis();
    const { client, close } = await CLIENTS['ioredis']!(server.url);
    return { client, close: () => close().then(() => server.close()) };
  },
  async 'a cluster of three masters'() {
    const cluster = await startCluster();
    const { client, close } = await cluster.openClient();
    return { client, close: () => close().then(() => cluster.close()) };
  },
};

describeRedis('RedisLedger, beside the ledger in memory', () => {
  describe.each(Object.keys(PLACES))('on %s', (place) => {
    let opened: OpenClient;
    beforeAll(async () => {
      opened = await PLACES[place]!();
    }, 120_000);
    afterAll(() => opened?.close());

    it(`answers the same, step by step, in schedules of ${LEAST_STEPS} steps together`, async () => {
      expect(await playSchedules(opened)).toBeGreaterThanOrEqual(LEAST_STEPS);
    }, 120_000);
  });
});
