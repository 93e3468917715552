import { createNoopMeter, metrics, type Counter, type Gauge, type Histogram, type Meter } from '@opentelemetry/api';
import type { SdkGuard } from './sdk.guard.js';
import { TELEMETRY } from './telemetry.names.js';

/**
 * Buckets for what is measured in seconds: those of the HTTP conventions, and finer ones below for what the ledger
 * answers. An SDK's default would put everything under five seconds into one.
 */
const SECONDS = {
  unit: 's',
  advice: {
    explicitBucketBoundaries: [
      0.00005, 0.0005, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 30,
    ],
  },
};

/** Everything that is counted and measured. */
export interface Instruments {
  readonly verifications: Counter;
  readonly duration: Histogram;
  readonly phaseDuration: Histogram;
  readonly billedCalls: Counter;
  readonly spend: Counter;
  readonly claims: Counter;
  readonly circuitOpen: Gauge;
  readonly latchClosed: Gauge;
  readonly latchesClosed: Counter;
  readonly auditFailures: Counter;
}

/** The instruments of the registered SDK; instruments that do nothing when that SDK cannot make them. */
export function openInstruments(guard: SdkGuard): Instruments {
  return guard.run(() => instrumentsOf(metrics.getMeter(TELEMETRY.scope))) ?? instrumentsOf(createNoopMeter());
}

function instrumentsOf(meter: Meter): Instruments {
  return {
    verifications: meter.createCounter(TELEMETRY.verifications, { unit: '{verification}' }),
    duration: meter.createHistogram(TELEMETRY.duration, SECONDS),
    phaseDuration: meter.createHistogram(TELEMETRY.phaseDuration, SECONDS),
    billedCalls: meter.createCounter(TELEMETRY.billedCalls, { unit: '{call}' }),
    spend: meter.createCounter(TELEMETRY.spend, { unit: 'CNY' }),
    claims: meter.createCounter(TELEMETRY.claims, { unit: '{claim}' }),
    circuitOpen: meter.createGauge(TELEMETRY.circuitOpen, { unit: '{circuit}' }),
    latchClosed: meter.createGauge(TELEMETRY.latchClosed, { unit: '{latch}' }),
    latchesClosed: meter.createCounter(TELEMETRY.latchesClosed, { unit: '{latch}' }),
    auditFailures: meter.createCounter(TELEMETRY.auditFailures, { unit: '{failure}' }),
  };
}
