import { Injectable } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';
import type { IdentityVerifyService } from '../identity-verify.service.js';
import { DEFAULT_INSTANCE, getIdentityVerifyToken } from '../identity-verify.tokens.js';

/** Tells Terminus how an instance is: circuit, latch, budget, last answer. Makes no call, so it costs nothing. */
@Injectable()
export class IdentityVerifyHealthIndicator {
  constructor(
    private readonly indicators: HealthIndicatorService,
    private readonly moduleRef: ModuleRef,
  ) {}

  /**
   * @param key under which the result stands. @default 'identityVerify'
   * @param instance name of the instance. @default the one registered without a name
   */
  async isHealthy(key = 'identityVerify', instance: string = DEFAULT_INSTANCE): Promise<HealthIndicatorResult> {
    const indicator = this.indicators.check(key);
    const service = this.moduleRef.get<IdentityVerifyService>(getIdentityVerifyToken(instance), { strict: false });
    try {
      const { up, circuit, latch, spent, budget, lastAnswerAt } = await service.health();
      const details = {
        circuit,
        latch: latch?.name ?? 'open',
        callsToday: spent.callsToday,
        callsThisMonth: spent.callsThisMonth,
        ...(budget.callsPerDay !== undefined && { callsPerDay: budget.callsPerDay }),
        ...(budget.callsPerMonth !== undefined && { callsPerMonth: budget.callsPerMonth }),
        ...(lastAnswerAt && { lastAnswerAt: lastAnswerAt.toISOString() }),
      };
      return up ? indicator.up(details) : indicator.down(details);
    } catch {
      // What the ledger complains of stays inside.
      return indicator.down({ ledger: 'unavailable' });
    }
  }
}
