import { Controller, Get, Inject } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { HealthCheck, HealthCheckService, HealthIndicatorService, type HealthCheckResult } from '@nestjs/terminus';
import type { Client } from '@libsql/client';
import { DATABASE } from '../database/database.module.js';
import { IdentityVerifyHealthIndicator } from '@identity-verify/nestjs/health';

/** For whatever starts and stops the application. Neither check asks the upstream: a health check must not cost money. */
@ApiTags('health')
@Controller('health')
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly indicators: HealthIndicatorService,
    private readonly identityVerify: IdentityVerifyHealthIndicator,
    @Inject(DATABASE) private readonly database: Client,
  ) {}

  /** The process answers. */
  @Get('live')
  @HealthCheck()
  live(): Promise<HealthCheckResult> {
    return this.health.check([]);
  }

  /**
   * The application can work: its database answers, and so does the ledger. A latch, a used-up budget or an open circuit
   * is told in the details and leaves it ready: they end with a request that succeeds, or with a new day.
   */
  @Get('ready')
  @HealthCheck()
  ready(): Promise<HealthCheckResult> {
    return this.health.check([
      async () => {
        const check = this.indicators.check('database');
        await this.database.execute('SELECT 1');
        return check.up();
      },
      () => this.identityVerify.isHealthy(),
    ]);
  }
}
