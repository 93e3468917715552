import { Module } from '@nestjs/common';
import { AuditTrail } from '../audit/audit.trail.js';
import { MetricsController } from '../metrics/metrics.controller.js';
import { VerificationMetrics } from '../metrics/verification.metrics.js';

/** Provides the listeners of the module: the audit trail and the OpenTelemetry metrics. */
@Module({
  controllers: [MetricsController],
  providers: [AuditTrail, VerificationMetrics],
  exports: [AuditTrail, VerificationMetrics],
})
export class ObservationModule {}
