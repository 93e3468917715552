import { ledgerConformance, ManualClock } from '@identity-verify/nestjs/testing';
import { RedisLedger } from '@identity-verify/redis';
import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { CLIENTS, type OpenClient } from './redis.clients.js';
import { describeRedis, startRedis, type RedisServer } from './redis.server.js';

let server: RedisServer;
let harnesses = 0;

describeRedis('RedisLedger', () => {
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server?.close());

  describe.each(Object.keys(CLIENTS))('on %s conforms to the port', (name) => {
    let opened: OpenClient;
    beforeAll(async () => {
      opened = await CLIENTS[name]!(server.url);
    });
    afterAll(() => opened?.close());

    it.each(ledgerConformance)('$title', async ({ run }) => {
      const clock = new ManualClock();
      const ledger = new RedisLedger({ client: opened.client, clock, prefix: `conformance-${++harnesses}:` });
      await run({ ledger, now: clock.now, advance: (ms) => clock.advance(ms) });
    });
  });
});
