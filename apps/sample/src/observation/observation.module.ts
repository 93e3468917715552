import { Module } from '@nestjs/common';
import { AuditTrail } from '../audit/audit.trail.js';
import { MetricsController } from '../metrics/metrics.controller.js';
import { VerificationMetrics } from '../metrics/verification.metrics.js';

/** What listens to the module: the audit trail, and the metrics that it reports to OpenTelemetry. */
@Module({
  controllers: [MetricsController],
  providers: [AuditTrail, VerificationMetrics],
  exports: [AuditTrail, VerificationMetrics],
})
export class ObservationModule {}
