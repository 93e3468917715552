import { TEST_POPULATION } from '@identity-verify/contract';
import { IdentityVerifyService, type AuditEntry } from '@identity-verify/nestjs';
import { FakeUpstream, IdentityVerifyTestingModule } from '@identity-verify/nestjs/testing';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import {
  context,
  createNoopMeter,
  metrics,
  ROOT_CONTEXT,
  trace,
  type ContextManager,
  type Meter,
  type MeterProvider,
  type Tracer,
  type TracerProvider,
} from '@opentelemetry/api';
import { BasicTracerProvider, type SpanProcessor } from '@opentelemetry/sdk-trace-base';

const [person, otherPerson] = TEST_POPULATION;

const boom = (): never => {
  throw new Error('the SDK failed');
};

/** An object on which every method throws, except the given ones. */
const throwing = <T extends object>(working: Partial<T> = {}): T =>
  new Proxy(working, { get: (target, name) => target[name as keyof typeof target] ?? boom }) as T;

const processor = (broken: Partial<SpanProcessor>): SpanProcessor => ({
  onStart: () => undefined,
  onEnd: () => undefined,
  forceFlush: () => Promise.resolve(),
  shutdown: () => Promise.resolve(),
  ...broken,
});
const meterWith = (broken: Partial<Meter>): MeterProvider => ({
  getMeter: () => Object.assign(Object.create(createNoopMeter()) as Meter, broken),
});
const instrument = () => throwing<never>();

afterEach(() => {
  trace.disable();
  metrics.disable();
  context.disable();
  Logger.overrideLogger(false);
});

describe('an OpenTelemetry SDK that throws', () => {
  it.each<[string, () => unknown]>([
    ['for a tracer', () => trace.setGlobalTracerProvider(throwing<TracerProvider>())],
    ['for a span', () => trace.setGlobalTracerProvider({ getTracer: () => throwing<Tracer>() })],
    [
      'in every method of a span',
      () =>
        trace.setGlobalTracerProvider({ getTracer: () => throwing<Tracer>({ startSpan: () => throwing<never>() }) }),
    ],
    [
      'in nothing, but makes no span',
      () =>
        trace.setGlobalTracerProvider({ getTracer: () => throwing<Tracer>({ startSpan: () => undefined as never }) }),
    ],
    [
      'in a processor, when a span starts',
      () => trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [processor({ onStart: boom })] })),
    ],
    [
      'in a processor, when a span ends',
      () => trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [processor({ onEnd: boom })] })),
    ],
    ['for a meter', () => metrics.setGlobalMeterProvider(throwing<MeterProvider>())],
    ['for an instrument', () => metrics.setGlobalMeterProvider({ getMeter: () => throwing<Meter>() })],
    // An SDK without gauges: the method is missing.
    ['for a gauge', () => metrics.setGlobalMeterProvider(meterWith({ createGauge: undefined as never }))],
    [
      'in every instrument',
      () =>
        metrics.setGlobalMeterProvider(
          meterWith({ createCounter: instrument, createHistogram: instrument, createGauge: instrument }),
        ),
    ],
    [
      'in the context manager',
      () => context.setGlobalContextManager(throwing<ContextManager>({ disable: () => throwing() })),
    ],
    [
      'in the context manager, after the call',
      () =>
        context.setGlobalContextManager(
          throwing<ContextManager>({
            active: () => ROOT_CONTEXT,
            disable: () => throwing(),
            with: ((_context: unknown, run: () => unknown) => {
              run();
              boom();
            }) as never,
          }),
        ),
    ],
  ])('%s does not fail a verification', async (_title, register) => {
    register();
    const entries: AuditEntry[] = [];
    const events: string[] = [];
    const upstream = new FakeUpstream().verifyReturns('match', 'unreachable', '10009', 'match');
    const app = await Test.createTestingModule({
      imports: [
        IdentityVerifyTestingModule.forRoot({
          upstream,
          options: {
            breaker: { failures: 1, openMs: 1 },
            audit: (entry) => void entries.push(entry),
            onEvent: (event) => void events.push(event.type),
            subjectLimit: false,
          },
        }),
      ],
    }).compile();
    const warned: string[] = [];
    Logger.overrideLogger({ log() {}, error() {}, warn: (message: string) => void warned.push(message) });
    const service = app.get(IdentityVerifyService);
    expect((await service.verify(person)).source).toBe('upstream');
    expect((await service.verify(person)).source).toBe('ledger');
    await expect(service.verify(otherPerson)).rejects.toMatchObject({ code: 'IDV_CONNECT_FAILED' });
    upstream.expectCalls(2);
    expect(entries.map(({ type, billed }) => [type, billed])).toEqual([
      ['answered', 'yes'],
      ['answered', 'no'],
      ['failed', 'no'],
    ]);
    expect(events).toEqual(['answered', 'answered', 'circuit', 'failed']);
    expect(warned.filter((line) => line.includes('OpenTelemetry')).length).toBeLessThanOrEqual(1);
    await app.close();
  });
});
