import { createNoopMeter, metrics, type Counter, type Gauge, type Histogram, type Meter } from '@opentelemetry/api';
import type { SdkGuard } from './sdk.guard.js';
import { TELEMETRY } from './telemetry.names.js';

/**
 * Buckets of durations in seconds: those of the HTTP conventions, and finer ones for answers from the ledger. The
 * default of an SDK would put everything under five seconds into one bucket.
 */
const SECONDS = {
  unit: 's',
  advice: {
    explicitBucketBoundaries: [
      0.00005, 0.0005, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 30,
    ],
  },
};

/** The instruments of this module. */
export interface Instruments {
  /** Whether an SDK receives the measurements. One that is registered later gets none of these instruments. */
  readonly areRead: boolean;
  readonly verifications: Counter;
  readonly duration: Histogram;
  readonly phaseDuration: Histogram;
  readonly billedCalls: Counter;
  readonly spend: Counter;
  readonly claims: Counter;
  readonly writeBacks: Counter;
  readonly storeAvailable: Gauge;
  readonly ledgerLocal: Gauge;
  readonly circuitOpen: Gauge;
  readonly latchClosed: Gauge;
  readonly latchesClosed: Counter;
  readonly auditFailures: Counter;
}

/**
 * Creates the instruments with the registered SDK. An instrument that the SDK cannot create is replaced by one without
 * effect.
 */
export function openInstruments(guard: SdkGuard): Instruments {
  const noop = createNoopMeter();
  const meter = guard.run(() => metrics.getMeter(TELEMETRY.scope)) ?? noop;
  const made = <T>(create: (meter: Meter) => T): T => guard.run(() => create(meter)) ?? create(noop);
  const counter = (name: string, unit: string) => made((from) => from.createCounter(name, { unit }));
  const gauge = (name: string, unit: string) => made((from) => from.createGauge(name, { unit }));
  const seconds = (name: string) => made((from) => from.createHistogram(name, SECONDS));
  return {
    areRead: guard.run(() => meter.constructor !== noop.constructor) ?? true,
    verifications: counter(TELEMETRY.verifications, '{verification}'),
    duration: seconds(TELEMETRY.duration),
    phaseDuration: seconds(TELEMETRY.phaseDuration),
    billedCalls: counter(TELEMETRY.billedCalls, '{call}'),
    spend: counter(TELEMETRY.spend, 'CNY'),
    claims: counter(TELEMETRY.claims, '{claim}'),
    writeBacks: counter(TELEMETRY.writeBacks, '{settlement}'),
    storeAvailable: gauge(TELEMETRY.storeAvailable, '{store}'),
    ledgerLocal: gauge(TELEMETRY.ledgerLocal, '{ledger}'),
    circuitOpen: gauge(TELEMETRY.circuitOpen, '{circuit}'),
    latchClosed: gauge(TELEMETRY.latchClosed, '{latch}'),
    latchesClosed: counter(TELEMETRY.latchesClosed, '{latch}'),
    auditFailures: counter(TELEMETRY.auditFailures, '{failure}'),
  };
}
