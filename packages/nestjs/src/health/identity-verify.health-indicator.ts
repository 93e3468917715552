import { Injectable } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';
import { DEFAULT_INSTANCE } from '../identity-verify.tokens.js';
import { findInstance } from '../instance.lookup.js';

/**
 * Reports the health of an instance to Terminus. Makes no call, so it costs nothing.
 *
 * Down only if the ledger is. A closed latch, a used-up budget and an open circuit appear in the details and in alerts,
 * and do not take the application out of service: a latch and a circuit recover with a call that succeeds, which needs
 * requests.
 */
@Injectable()
export class IdentityVerifyHealthIndicator {
  constructor(
    private readonly indicators: HealthIndicatorService,
    private readonly moduleRef: ModuleRef,
  ) {}

  /**
   * @param key key of the result. @default 'identityVerify'
   * @param instance name of the instance. @default the one registered without a name
   * @throws {IdentityVerifyOptionsError} when the instance is not registered
   */
  async isHealthy(key = 'identityVerify', instance: string = DEFAULT_INSTANCE): Promise<HealthIndicatorResult> {
    const indicator = this.indicators.check(key);
    const service = findInstance(this.moduleRef, instance, 'the health indicator');
    const { up, refusing, circuit, latch, store, ledger, degraded, spent, budget, lastAnswerAt } =
      await service.health();
    // The ledger's error is not exposed.
    if (!up) return indicator.down({ ledger });
    return indicator.up({
      ledger,
      ...(degraded && { degraded }),
      circuit,
      latch: latch?.name ?? 'none',
      ...(store && { store }),
      ...(latch && { latchedUntil: new Date(latch.until).toISOString(), probing: latch.probing }),
      ...(refusing && { refusing }),
      ...spent,
      ...(budget.callsPerDay !== undefined && { callsPerDay: budget.callsPerDay }),
      ...(budget.callsPerMonth !== undefined && { callsPerMonth: budget.callsPerMonth }),
      ...(lastAnswerAt && { lastAnswerAt: lastAnswerAt.toISOString() }),
    });
  }
}
