import { RedisLedger } from '@identity-verify/redis';
import { afterAll, beforeAll, beforeEach, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { expectDrainedBeforeClosed, REGISTRATIONS } from '../ledgers/shutdown.scenario.js';
import { describeRedis, startRedis, type RedisServer } from './redis.server.js';

let server: RedisServer;
let admin: Redis;

describeRedis('a ledger on Redis that two instances share', () => {
  beforeAll(async () => {
    server = await startRedis();
    admin = new Redis(server.url, { disconnectTimeout: 50 });
  });
  afterAll(async () => {
    admin?.disconnect();
    await server?.close();
  });
  beforeEach(() => admin.flushall());

  it.each(Object.keys(REGISTRATIONS))('is closed after both have drained, with %s', async (way) => {
    await expectDrainedBeforeClosed(REGISTRATIONS[way]!, () => new RedisLedger({ url: server.url, timeoutMs: 2_000 }));
  });
});
