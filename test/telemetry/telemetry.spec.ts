import { TEST_POPULATION } from '@identity-verify/contract';
import {
  ATTRIBUTES,
  MemoryLedger,
  TELEMETRY,
  type IdentityVerifyService,
  type IdentityVerifyOptions,
} from '@identity-verify/nestjs';
import { FakeUpstream, IdentityVerifyTestingModule, ManualClock } from '@identity-verify/nestjs/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Test } from '@nestjs/testing';
import { metrics, trace } from '@opentelemetry/api';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { inspect } from 'node:util';

const [person, otherPerson] = TEST_POPULATION;

const spans = new InMemorySpanExporter();
const exported = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
const reader = new PeriodicExportingMetricReader({ exporter: exported, exportIntervalMillis: 2_147_483_647 });
const tracers = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] });
const meters = new MeterProvider({ readers: [reader] });

beforeAll(() => {
  trace.setGlobalTracerProvider(tracers);
  metrics.setGlobalMeterProvider(meters);
});
afterAll(async () => {
  await Promise.all([tracers.shutdown(), meters.shutdown()]);
  trace.disable();
  metrics.disable();
});
beforeEach(() => {
  spans.reset();
  exported.reset();
});

let instances = 0;

/** Opens an instance with a unique name, so that tests do not share metrics. */
async function open(options: Partial<IdentityVerifyOptions> = {}) {
  const upstream = new FakeUpstream();
  const name = `telemetry-${++instances}`;
  const clock = new ManualClock();
  const app = await Test.createTestingModule({
    imports: [IdentityVerifyTestingModule.forRoot({ upstream, name, options: { clock, ...options } })],
  }).compile();
  const service = app.get<IdentityVerifyService>(Symbol.for(`@identity-verify/nestjs/service/${name}`), {
    strict: false,
  });
  return { upstream, service, name, clock, app };
}

/** Every data point of a metric of an instance: its attributes (without the instance) and its value or count. */
async function points(metric: string, instance: string) {
  await reader.forceFlush();
  const all =
    exported
      .getMetrics()
      .at(-1)
      ?.scopeMetrics.flatMap(({ metrics }) => metrics) ?? [];
  return all
    .filter(({ descriptor }) => descriptor.name === metric)
    .flatMap(
      ({ dataPoints }) => dataPoints as { attributes: Record<string, unknown>; value: number | { count: number } }[],
    )
    .filter(({ attributes }) => attributes[ATTRIBUTES.instance] === instance)
    .map(({ attributes: { [ATTRIBUTES.instance]: _instance, ...attributes }, value }) => [
      attributes,
      typeof value === 'number' ? value : value.count,
    ]);
}

describe('metrics', () => {
  it('count verifications, billed calls and yuan', async () => {
    const { service, upstream, name } = await open({ budget: { fenPerCall: 35 } });
    upstream.verifyReturns('match', '10015', 'unreachable');
    await service.verify(person);
    await service.verify(person);
    await service.verify(otherPerson).catch(() => undefined);
    await service.verify({ ...person, name: '测试丁' }).catch(() => undefined);
    expect(await points(TELEMETRY.verifications, name)).toEqual([
      [{ [ATTRIBUTES.outcome]: 'match', [ATTRIBUTES.upstreamCode]: '10000', [ATTRIBUTES.source]: 'upstream' }, 1],
      [{ [ATTRIBUTES.outcome]: 'match', [ATTRIBUTES.upstreamCode]: '10000', [ATTRIBUTES.source]: 'ledger' }, 1],
      [{ [ATTRIBUTES.errorType]: 'IDV_UPSTREAM_FAILURE', [ATTRIBUTES.upstreamCode]: '10015' }, 1],
      [{ [ATTRIBUTES.errorType]: 'IDV_CONNECT_FAILED' }, 1],
    ]);
    expect(await points(TELEMETRY.billedCalls, name)).toEqual([
      [{ [ATTRIBUTES.billed]: 'yes' }, 1],
      [{ [ATTRIBUTES.billed]: 'unknown' }, 1],
    ]);
    expect(await points(TELEMETRY.spend, name)).toEqual([[{}, 0.7]]);
    expect(await points(TELEMETRY.claims, name)).toEqual([
      [{ [ATTRIBUTES.verdict]: 'granted' }, 3],
      [{ [ATTRIBUTES.verdict]: 'hit' }, 1],
    ]);
    expect(await points(TELEMETRY.phaseDuration, name)).toEqual([
      [{ [ATTRIBUTES.phase]: 'check' }, 4],
      [{ [ATTRIBUTES.phase]: 'claim' }, 4],
      [{ [ATTRIBUTES.phase]: 'call' }, 3],
      [{ [ATTRIBUTES.phase]: 'settle' }, 3],
    ]);
  });

  it('use histogram boundaries in seconds for durations', async () => {
    const { service, name } = await open();
    await service.verify(person);
    await reader.forceFlush();
    const all =
      exported
        .getMetrics()
        .at(-1)
        ?.scopeMetrics.flatMap(({ metrics }) => metrics) ?? [];
    const duration = all.find(({ descriptor }) => descriptor.name === TELEMETRY.duration);
    const point = duration?.dataPoints.find(({ attributes }) => attributes[ATTRIBUTES.instance] === name);
    const { boundaries } = (point!.value as { buckets: { boundaries: number[] } }).buckets;
    expect(boundaries.filter((seconds) => seconds < 1).length).toBeGreaterThan(5);
    expect(boundaries.at(-1)).toBe(30); // the longest that the gateway waits for its back end
  });

  it('report a gauge for the circuit and each latch from the start, and 1 while any latch is closed', async () => {
    const { service, upstream, name } = await open({ tenants: () => ({ credentials: { appCode: 'of-a-tenant' } }) });
    const gauges = async () => [
      ...(await points(TELEMETRY.circuitOpen, name)),
      ...(await points(TELEMETRY.latchClosed, name)),
    ];
    expect((await gauges()).map(([, value]) => value)).toEqual([0, 0, 0]);
    upstream.verifyReturns('10009');
    for (const tenant of ['north', 'south']) await service.verify(person, { tenant }).catch(() => undefined);
    expect((await gauges()).map(([, value]) => value)).toEqual([0, 1, 0]);
    await service.reopen({ tenant: 'north' });
    expect((await gauges()).map(([, value]) => value)).toEqual([0, 1, 0]);
    await service.reopen({ tenant: 'south' });
    expect((await gauges()).map(([, value]) => value)).toEqual([0, 0, 0]);
    expect(JSON.stringify(await points(TELEMETRY.latchesClosed, name))).not.toMatch(/north|south/);
  });

  it('follow a shared store, and count what was written to it later', async () => {
    const memory = new MemoryLedger();
    const ledger = Object.assign(memory, { shared: true as const });
    const { service, name, clock } = await open({ ledger, pepper: 'a pepper that is long enough for this' });
    expect(await points(TELEMETRY.storeAvailable, name)).toEqual([[{}, 1]]);
    const down = () => {
      throw new Error('down');
    };
    ledger.settle = down;
    await service.verify(person);
    ledger.claim = down;
    for (let n = 0; n < 2; n++) await service.verify(otherPerson).catch(() => undefined);
    expect(await points(TELEMETRY.storeAvailable, name)).toEqual([[{}, 0]]);
    for (const method of ['claim', 'settle']) Reflect.deleteProperty(ledger, method); // works again
    await clock.advance(1_000);
    expect(await points(TELEMETRY.storeAvailable, name)).toEqual([[{}, 1]]);
    expect(await points(TELEMETRY.writeBacks, name)).toEqual([[{ [ATTRIBUTES.result]: 'written' }, 1]]);
  });

  it('follow the circuit and latches, and count failed audit entries', async () => {
    const { service, upstream, name, clock } = await open({
      breaker: { failures: 1, openMs: 10 },
      audit: () => Promise.reject(new Error('full')),
    });
    upstream.verifyReturns('unreachable', 'match', '10009');
    await service.verify(person).catch(() => undefined);
    expect(await points(TELEMETRY.circuitOpen, name)).toEqual([[{}, 1]]);
    await clock.advance(10);
    await service.verify(person);
    await service.verify(otherPerson).catch(() => undefined);
    expect(await points(TELEMETRY.circuitOpen, name)).toEqual([[{}, 0]]);
    expect(await points(TELEMETRY.latchesClosed, name)).toEqual([[{ [ATTRIBUTES.latch]: 'quota' }, 1]]);
    expect(await points(TELEMETRY.latchClosed, name)).toEqual([
      [{ [ATTRIBUTES.latch]: 'quota' }, 1],
      [{ [ATTRIBUTES.latch]: 'access' }, 0],
    ]);
    await service.reopen();
    expect(await points(TELEMETRY.latchClosed, name)).toEqual([
      [{ [ATTRIBUTES.latch]: 'quota' }, 0],
      [{ [ATTRIBUTES.latch]: 'access' }, 0],
    ]);
    expect(await points(TELEMETRY.auditFailures, name)).toEqual([[{}, 3]]);
  });
});

describe('spans', () => {
  it('record a verification and its attempt by the semantic conventions for HTTP clients', async () => {
    const { service, name } = await open();
    await service.verify(person);
    const [attempt, question] = spans.getFinishedSpans();
    expect(question).toMatchObject({
      name: 'identity_verify.verify',
      attributes: {
        [ATTRIBUTES.instance]: name,
        [ATTRIBUTES.outcome]: 'match',
        [ATTRIBUTES.billed]: 'yes',
        [ATTRIBUTES.seqNo]: 'FAKE00000000000001',
      },
    });
    expect(attempt).toMatchObject({
      name: 'POST /communication/personal/1979',
      kind: 2,
      attributes: {
        'http.request.method': 'POST',
        'server.address': '127.0.0.1',
        'server.port': 80,
        'http.response.status_code': 200,
      },
    });
  });

  it('record the code of an error, but no message', async () => {
    const { service, upstream } = await open();
    upstream.verifyReturns('unreachable');
    await service.verify(person).catch(() => undefined);
    const [attempt, question] = spans.getFinishedSpans();
    expect(question).toMatchObject({
      status: { code: 2, message: 'IDV_CONNECT_FAILED' },
      attributes: { [ATTRIBUTES.errorType]: 'IDV_CONNECT_FAILED' },
    });
    expect(attempt).toMatchObject({
      status: { code: 2, message: 'ECONNREFUSED' },
      attributes: { 'error.type': 'ECONNREFUSED' },
    });
  });
});

describe('no personal data or secret', () => {
  it('is in spans, metrics, audit, events, health or the container', async () => {
    const seen: unknown[] = [];
    const secret = 'the-app-code-of-this-test';
    const { service, upstream, app } = await open({
      credentials: { appCode: secret },
      pepper: `${secret}-and-its-pepper`,
      audit: (entry) => void seen.push(entry),
      onEvent: (event) => void seen.push(event),
    });
    upstream.verifyReturns('match', 'mismatch', '10015', 'unreadable', 'unreachable', '10009');
    for (const name of '甲乙丙丁戊己')
      await service.verify({ ...person, name: `测试泄${name}` }).catch((error: unknown) => seen.push(error));
    await reader.forceFlush();
    seen.push(
      spans.getFinishedSpans(),
      exported.getMetrics(),
      await service.health(),
      await service.spent(),
      service,
      app,
    );
    // The fake upstream records identities, as a test double does; it is not part of production code.
    upstream.reset();
    const printed = inspect(seen, { depth: 20, showHidden: true, maxArrayLength: null, maxStringLength: null });
    expect(printed).toContain('identity_verify.verify');
    for (const leak of ['测试泄', person.idCard, person.mobile, secret]) expect(printed).not.toContain(leak);
  });
});
