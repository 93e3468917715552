import { TEST_POPULATION } from '@identity-verify/contract';
import { getIdentityVerifyToken, IdentityVerifyModule, type IdentityVerifyService } from '@identity-verify/nestjs';
import { IdentityVerifyHealthIndicator } from '@identity-verify/nestjs/health';
import { FakeUpstream } from '@identity-verify/nestjs/testing';
import { RedisLedger } from '@identity-verify/redis';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { ModuleRef } from '@nestjs/core';
import { HealthCheckService, HealthIndicatorService, TerminusModule } from '@nestjs/terminus';
import { Test, type TestingModule } from '@nestjs/testing';
import { TEST_PEPPER } from '../support/client.js';
import { describeRedis, startRedis, type RedisServer } from './redis.server.js';

const [person] = TEST_POPULATION;

let servers: RedisServer[];
let app: TestingModule;
let upstream: FakeUpstream;

/** Two named instances, each with a Redis of its own. */
beforeEach(async () => {
  servers = [];
  upstream = new FakeUpstream();
  const instances = [];
  for (const name of ['default', 'lending']) {
    const server = await startRedis();
    servers.push(server);
    const ledger = new RedisLedger({ url: server.url, timeoutMs: 2_000 });
    const account = { credentials: { appCode: 'a-code' }, baseUrl: 'http://127.0.0.1', pepper: TEST_PEPPER };
    instances.push(
      IdentityVerifyModule.forRoot({ name, ledger, transport: upstream, ledgerTimeoutMs: 2_000, ...account }),
    );
  }
  app = await Test.createTestingModule({
    imports: [TerminusModule.forRoot({ logger: false }), ...instances],
    providers: [
      {
        // The workspace has two copies of Terminus, so the class of this one is not the token of the other.
        provide: IdentityVerifyHealthIndicator,
        inject: [HealthIndicatorService, ModuleRef],
        useFactory: (indicators: HealthIndicatorService, modules: ModuleRef) =>
          new IdentityVerifyHealthIndicator(indicators, modules),
      },
    ],
  }).compile();
  await app.init();
});
afterEach(async () => {
  await app?.close();
  for (const server of servers) await server.close();
});

/** The state of each instance, and the status of the reply, as Terminus makes it. */
async function ready(): Promise<Record<string, unknown>> {
  const indicator = app.get(IdentityVerifyHealthIndicator);
  const checks = [() => indicator.isHealthy(), () => indicator.isHealthy('lending', 'lending')];
  const report = await app
    .get(HealthCheckService)
    .check(checks)
    .then(
      ({ details }) => ({ httpStatus: 200, details }),
      (error: { getStatus(): number; getResponse(): { details: object } }) => ({
        httpStatus: error.getStatus(),
        details: error.getResponse().details,
      }),
    );
  return { httpStatus: report.httpStatus, ...report.details };
}

describeRedis('the health of an instance on Redis', () => {
  it('is down while its Redis does not answer, alone and without a call, and up again afterwards', async () => {
    const lending = app.get<IdentityVerifyService>(getIdentityVerifyToken('lending'), { strict: false });
    await lending.verify(person);
    expect(await ready()).toMatchObject({
      httpStatus: 200,
      identityVerify: { status: 'up', callsToday: 0 },
      lending: { status: 'up', callsToday: 1 },
    });

    servers[1]!.freeze();
    expect(await ready()).toEqual({
      httpStatus: 503,
      identityVerify: expect.objectContaining({ status: 'up' }),
      lending: expect.objectContaining({ status: 'down', ledger: { kind: 'redis', state: 'unavailable' } }),
    });
    servers[1]!.thaw();
    let again = await ready();
    while (again['httpStatus'] !== 200) again = await ready();
    expect(again).toMatchObject({ lending: { status: 'up', callsToday: 1 } });
    upstream.expectCalls(1);
  });

  it('is down after its Redis has died', async () => {
    await servers[0]!.close();
    expect(await ready()).toMatchObject({
      httpStatus: 503,
      identityVerify: { status: 'down', ledger: { kind: 'redis', state: 'unavailable' } },
      lending: { status: 'up' },
    });
  });
});
