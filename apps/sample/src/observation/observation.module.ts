import { Module, type OnApplicationShutdown } from '@nestjs/common';
import { HttpModule, HttpService } from '@nestjs/axios';
import { HttpServiceTransport } from '@identity-verify/nestjs';
import { AuditTrail } from '../audit/audit.trail.js';
import { MetricsController } from '../metrics/metrics.controller.js';
import { VerificationMetrics } from '../metrics/verification.metrics.js';
import { LedgerDesk } from './ledger.desk.js';
import { ObservedTransport } from './observed.transport.js';

/** Everything that watches the module at its ports: ledger and transport. */
@Module({
  imports: [HttpModule],
  controllers: [MetricsController],
  providers: [
    AuditTrail,
    VerificationMetrics,
    LedgerDesk,
    {
      provide: ObservedTransport,
      inject: [HttpService],
      useFactory: (http: HttpService) => new ObservedTransport(new HttpServiceTransport(http)),
    },
  ],
  exports: [LedgerDesk, ObservedTransport, AuditTrail],
})
export class ObservationModule implements OnApplicationShutdown {
  constructor(private readonly transport: ObservedTransport) {}

  /** The module closes only what it opened; this transport is ours. */
  onApplicationShutdown(): void {
    this.transport.close();
  }
}
