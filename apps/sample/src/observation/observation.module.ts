import { Module } from '@nestjs/common';
import { AuditTrail } from '../audit/audit.trail.js';
import { MetricsController } from '../metrics/metrics.controller.js';
import { VerificationMetrics } from '../metrics/verification.metrics.js';
import { AnswerHistory } from './answer.history.js';

/** Provides the listeners of the module: the audit trail, the OpenTelemetry metrics and the last answers. */
@Module({
  controllers: [MetricsController],
  providers: [AuditTrail, VerificationMetrics, AnswerHistory],
  exports: [AuditTrail, VerificationMetrics, AnswerHistory],
})
export class ObservationModule {}
