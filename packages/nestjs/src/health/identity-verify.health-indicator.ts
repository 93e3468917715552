import { Injectable } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';
import { DEFAULT_INSTANCE } from '../identity-verify.tokens.js';
import { findInstance } from '../instance.lookup.js';

/**
 * Tells Terminus how an instance is. Makes no call, so it costs nothing. Down only when the ledger is: a latch, a
 * used-up budget and an open circuit are in the details and in alerts, and are no reason to take the application out
 * of service. A latch and an open circuit end with a call that succeeds, which needs requests.
 */
@Injectable()
export class IdentityVerifyHealthIndicator {
  constructor(
    private readonly indicators: HealthIndicatorService,
    private readonly moduleRef: ModuleRef,
  ) {}

  /**
   * @param key under which the result stands. @default 'identityVerify'
   * @param instance name of the instance. @default the one registered without a name
   * @throws {IdentityVerifyOptionsError} when the instance is not registered
   */
  async isHealthy(key = 'identityVerify', instance: string = DEFAULT_INSTANCE): Promise<HealthIndicatorResult> {
    const indicator = this.indicators.check(key);
    const service = findInstance(this.moduleRef, instance, 'the health indicator');
    const { up, refusing, circuit, latch, spent, budget, lastAnswerAt } = await service.health();
    // What the ledger complains of stays inside.
    if (!up) return indicator.down({ ledger: 'unavailable' });
    return indicator.up({
      circuit,
      latch: latch?.name ?? 'none',
      ...(latch && { latchedUntil: new Date(latch.until).toISOString(), probing: latch.probing }),
      ...(refusing && { refusing }),
      ...spent,
      ...(budget.callsPerDay !== undefined && { callsPerDay: budget.callsPerDay }),
      ...(budget.callsPerMonth !== undefined && { callsPerMonth: budget.callsPerMonth }),
      ...(lastAnswerAt && { lastAnswerAt: lastAnswerAt.toISOString() }),
    });
  }
}
