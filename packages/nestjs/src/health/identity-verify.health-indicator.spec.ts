import { TEST_POPULATION } from '@identity-verify/contract';
import { describe, expect, it } from '@jest/globals';
import { HealthCheckService, TerminusModule } from '@nestjs/terminus';
import { Test } from '@nestjs/testing';
import { IDENTITY_VERIFY_LEDGER } from '../identity-verify.tokens.js';
import { IdentityVerifyService } from '../identity-verify.service.js';
import { FakeUpstream } from '../testing/fake.upstream.js';
import { IdentityVerifyTestingModule } from '../testing/identity-verify.testing-module.js';
import { ManualClock } from '../testing/manual.clock.js';
import { IdentityVerifyHealthIndicator } from './identity-verify.health-indicator.js';

async function open(ledger?: object) {
  const [upstream, clock] = [new FakeUpstream(), new ManualClock()];
  const builder = Test.createTestingModule({
    imports: [
      TerminusModule.forRoot({ logger: false }),
      IdentityVerifyTestingModule.forRoot({
        upstream,
        options: { clock, budget: { callsPerDay: 1, callsPerMonth: 9 } },
      }),
    ],
    providers: [IdentityVerifyHealthIndicator],
  });
  if (ledger) builder.overrideProvider(IDENTITY_VERIFY_LEDGER).useValue(ledger);
  const app = await builder.compile();
  const [health, indicator] = [app.get(HealthCheckService), app.get(IdentityVerifyHealthIndicator)];
  const check = () =>
    health.check([() => indicator.isHealthy()]).then(
      ({ details }) => details,
      (error: { getStatus(): number; getResponse(): { details: unknown } }) => ({
        ...error.getResponse(),
        status: error.getStatus(),
      }),
    );
  return { upstream, clock, indicator, check, service: app.get(IdentityVerifyService, { strict: false }) };
}

describe('IdentityVerifyHealthIndicator', () => {
  it('reports the health of an instance without a call', async () => {
    const { check, upstream, service } = await open();
    expect(await check()).toEqual({
      identityVerify: {
        status: 'up',
        ledger: { kind: 'memory', state: 'available' },
        circuit: 'closed',
        latch: 'none',
        callsToday: 0,
        callsThisMonth: 0,
        callsPerDay: 1,
        callsPerMonth: 9,
      },
    });
    upstream.expectCalls(0);
    await service.verify(TEST_POPULATION[0]);
    expect(await check()).toMatchObject({
      identityVerify: {
        status: 'up',
        refusing: 'budget_exhausted',
        callsToday: 1,
        lastAnswerAt: expect.any(String),
      },
    });
  });

  it('keeps an application with a closed latch in service, so that a request can probe it', async () => {
    const { check, upstream, service, clock } = await open();
    upstream.verifyReturns('10009', 'match');
    await expect(service.verify(TEST_POPULATION[0])).rejects.toMatchObject({ code: 'IDV_QUOTA' });
    const latchedUntil = new Date(clock.now() + 300_000).toISOString();
    expect(await check()).toMatchObject({
      identityVerify: { status: 'up', refusing: 'latched', latch: 'quota', latchedUntil, probing: false },
    });
    await clock.advance(86_400_000);
    const { identityVerify } = (await check()) as { identityVerify: object };
    expect(identityVerify).toMatchObject({ status: 'up', latch: 'quota', probing: true });
    expect(identityVerify).not.toHaveProperty('refusing');
    await service.verify(TEST_POPULATION[0]);
    expect(await check()).toMatchObject({ identityVerify: { status: 'up', latch: 'none' } });
  });

  it('names an instance that is not registered', async () => {
    const { indicator } = await open();
    await expect(indicator.isHealthy('lending', 'lending')).rejects.toMatchObject({
      code: 'IDV_OPTIONS_INVALID',
      message: expect.stringContaining('the health indicator asks for the instance "lending", which is not registered'),
    });
  });

  it('is down when the ledger is down, without the error of the ledger', async () => {
    const down = () => Promise.reject(new Error('redis://:secret@host'));
    const { check } = await open({ claim: down, settle: down, forget: down, spent: down, latch: down });
    expect(await check()).toMatchObject({
      status: 503,
      details: { identityVerify: { status: 'down', ledger: { kind: 'custom', state: 'unavailable' } } },
    });
  });
});
