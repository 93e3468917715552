import { TEST_POPULATION } from '@identity-verify/contract';
import { getIdentityVerifyToken, IdentityVerifyModule, type IdentityVerifyService } from '@identity-verify/nestjs';
import { FakeUpstream } from '@identity-verify/nestjs/testing';
import { RedisLedger } from '@identity-verify/redis';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';
import { Redis } from 'ioredis';
import { Test } from '@nestjs/testing';
import { TEST_PEPPER } from '../support/client.js';
import { CLIENTS, type OpenClient } from './redis.clients.js';
import { describeRedis, startRedis, type RedisServer } from './redis.server.js';

const CLIENT = Symbol('the client of the application');
const [person] = TEST_POPULATION;

let server: RedisServer;

async function application(opened: OpenClient, upstream: FakeUpstream) {
  @Module({ providers: [{ provide: CLIENT, useValue: opened.client }], exports: [CLIENT] })
  class RedisModule {}
  const imports = ['default', 'lending'].map((name) =>
    IdentityVerifyModule.forRootAsync({
      name,
      imports: [RedisModule],
      inject: [CLIENT],
      useFactory: (client: OpenClient['client']) => ({
        credentials: { appCode: 'a-code' },
        baseUrl: 'http://127.0.0.1',
        pepper: TEST_PEPPER,
        ledgerTimeoutMs: 2_000,
        transport: upstream,
        ledger: new RedisLedger({ client, prefix: `idv:${name}:` }),
      }),
    }),
  );
  const app = await Test.createTestingModule({ imports }).compile();
  await app.init();
  const services = ['default', 'lending'].map((name) =>
    app.get<IdentityVerifyService>(getIdentityVerifyToken(name), { strict: false }),
  );
  return { app, services };
}

describeRedis('a client that is injected into forRootAsync', () => {
  it('is connected before the first question, also if nobody has waited for it', async () => {
    const client = new Redis(server.url, { enableOfflineQueue: false, disconnectTimeout: 50 });
    const upstream = new FakeUpstream();
    const { app, services } = await application({ client, close: async () => client.disconnect() }, upstream);
    expect(await services[0]!.verify({ ...person, mobile: '16000030009' })).toMatchObject({ source: 'upstream' });
    await app.close();
    client.disconnect();
  });

  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server?.close());

  it.each(Object.keys(CLIENTS))(
    'serves two named instances, each with a ledger of its own, and outlives the application: %s',
    async (library) => {
      const opened = await CLIENTS[library]!(server.url);
      const upstream = new FakeUpstream();
      const asked = { ...person, mobile: `1600003000${Object.keys(CLIENTS).indexOf(library)}` };
      const first = await application(opened, upstream);
      for (const service of first.services) {
        expect(await service.verify(asked)).toMatchObject({ outcome: 'match', source: 'upstream' });
      }
      await first.app.close();

      // The client stays open for the next application.
      const second = await application(opened, upstream);
      for (const service of second.services) {
        expect(await service.verify(asked)).toMatchObject({ outcome: 'match', source: 'ledger' });
      }
      upstream.expectCalls(2);
      await second.app.close();
      await opened.close();
    },
  );
});
