import { Controller, Get, Inject, UseFilters } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { HealthCheck, HealthCheckService, HealthIndicatorService, type HealthCheckResult } from '@nestjs/terminus';
import type { Client } from '@libsql/client';
import { DATABASE } from '../database/database.module.js';
import { IdentityVerifyHealthIndicator } from '@identity-verify/nestjs/health';
import { HealthFilter } from './health.filter.js';

/** Health checks for an orchestrator. They never call the upstream, because that would cost money. */
@ApiTags('health')
@Controller('health')
@UseFilters(HealthFilter)
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly indicators: HealthIndicatorService,
    private readonly identityVerify: IdentityVerifyHealthIndicator,
    @Inject(DATABASE) private readonly database: Client,
  ) {}

  /** Succeeds while the process responds. */
  @Get('live')
  @HealthCheck()
  live(): Promise<HealthCheckResult> {
    return this.health.check([]);
  }

  /**
   * Succeeds if the database and the ledger respond. A latch, an exhausted budget or an open circuit appears in the
   * details but does not fail the check, because it ends with a successful request or a new day.
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
