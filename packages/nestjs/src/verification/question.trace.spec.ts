import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { context, ROOT_CONTEXT, SpanStatusCode, trace, type Context, type Span } from '@opentelemetry/api';
import { identityVerifyError, type ErrorDetails } from '../errors/identity-verify.error.js';
import type { LatchName } from '../errors/consequences.data.js';
import type { AuditEntry, IdentityVerifyEvent } from '../telemetry/events.types.js';
import { Telemetry } from '../telemetry/telemetry.js';
import { ManualClock } from '../testing/manual.clock.js';
import type { Decoded, DecodedFailure } from '../upstream/reply.decoder.js';
import { QuestionTrace } from './question.trace.js';
import type { Verification, VerifyOptions } from './verification.types.js';

const FEN = 42;
const BUDGET = { callsPerDay: 5 };
const GRANTED = { verdict: 'granted', probe: false, spent: { callsToday: 5, callsThisMonth: 5 } } as const;
const ANSWER: Decoded = { kind: 'answer', outcome: 'match', billed: 'yes', code: '10000' };
const failure = (details: ErrorDetails = {}, latch?: LatchName): DecodedFailure => ({
  kind: 'failure',
  error: identityVerifyError('IDV_QUOTA', details),
  retry: 'never',
  repeats: 0,
  health: 'well',
  ...(latch && { latch }),
});

/** What `performance.now()` returns. */
let now: number;
let time: jest.Spied<typeof performance.now>;
beforeEach(() => {
  now = 1_000;
  time = jest.spyOn(performance, 'now').mockImplementation(() => now);
});
afterEach(() => {
  time.mockRestore();
  trace.disable();
  context.disable();
});

interface Setup {
  readonly how?: VerifyOptions;
  /** Whether the application has a function for entries and events. */
  readonly listens?: boolean;
  /** Whether an SDK records the span. */
  readonly records?: boolean;
}

function open({ how = {}, listens = true, records = false }: Setup = {}) {
  const said: string[] = [];
  const span = {
    isRecording: () => records,
    setAttributes: () => said.push('attributes'),
    setStatus({ code }: { code: SpanStatusCode }) {
      said.push(`status ${SpanStatusCode[code]}`);
      return span;
    },
    end: () => said.push('end'),
  };
  trace.setGlobalTracerProvider({
    getTracer: () => ({ startSpan: () => span as unknown as Span, startActiveSpan: undefined as never }),
  });
  const entries: AuditEntry[] = [];
  const events: IdentityVerifyEvent[] = [];
  const clock = new ManualClock();
  const telemetry = new Telemetry({
    instance: 'bank',
    audit: listens ? (entry) => void entries.push(entry) : undefined,
    onEvent: listens
      ? (event) => void (event.type !== 'answered' && event.type !== 'failed' && events.push(event))
      : undefined,
    clock,
    onSinkFailed: () => undefined,
  });
  const begin = (options: VerifyOptions = how) => new QuestionTrace(telemetry, options);
  return { said, span, entries, events, clock, telemetry, begin, traced: begin() };
}

const verified = (more: Partial<Verification> = {}): Verification => ({
  outcome: 'match',
  code: '10000',
  billed: 'yes',
  source: 'upstream',
  answeredAt: new Date(0),
  ...more,
});

describe('the entry of a question', () => {
  it('has what the caller passed, the duration of each phase, the cost, and the ids of the vendor', () => {
    const { traced, entries } = open({ how: { tenant: 'north', purpose: 'loan', consentRef: 'c1', maxAgeMs: 5 } });
    now += 1;
    traced.passed('check');
    now += 2;
    traced.passed('claim');
    now += 4;
    traced.passed('call');
    now += 8;
    traced.passed('settle');
    now += 16;
    traced.answered(verified({ seqNo: 'S1', requestId: 'R1' }), 50_031, FEN);
    expect(entries).toStrictEqual([
      {
        type: 'answered',
        instance: 'bank',
        tenant: 'north',
        purpose: 'loan',
        consentRef: 'c1',
        at: new Date(50_000),
        durationMs: 31,
        phases: { check: 1, claim: 2, call: 4, settle: 8 },
        outcome: 'match',
        code: '10000',
        source: 'upstream',
        billed: 'yes',
        fen: FEN,
        seqNo: 'S1',
        requestId: 'R1',
      },
    ]);
  });

  it('has no property for what there is none of', () => {
    const { traced, entries } = open();
    traced.answered(verified({ source: 'ledger', billed: 'no' }), 50_000, FEN);
    expect(entries).toStrictEqual([
      {
        type: 'answered',
        instance: 'bank',
        at: new Date(50_000),
        durationMs: 0,
        phases: {},
        outcome: 'match',
        code: '10000',
        source: 'ledger',
        billed: 'no',
        fen: 0,
      },
    ]);
  });

  it.each([
    [{}, { billed: 'no', fen: 0 }],
    [
      { upstreamCode: '10009', billed: 'unknown', seqNo: 'S1', requestId: 'R1' },
      { upstreamCode: '10009', billed: 'unknown', fen: FEN, seqNo: 'S1', requestId: 'R1' },
    ],
  ] as const)('names the error if there was no answer: %j', (details, facts) => {
    const { traced, entries } = open();
    traced.failed(identityVerifyError('IDV_QUOTA', details), 50_000, FEN);
    expect(entries).toStrictEqual([
      {
        type: 'failed',
        errorCode: 'IDV_QUOTA',
        category: 'quota',
        instance: 'bank',
        at: new Date(50_000),
        durationMs: 0,
        phases: {},
        ...facts,
      },
    ]);
  });

  it.each([7, '', 'two words', 'x'.repeat(129)])('has no tenant that is none: %j', (tenant) => {
    const { traced, entries } = open({ how: { tenant: tenant as string } });
    traced.answered(verified(), 50_000, FEN);
    expect(entries[0]).not.toHaveProperty('tenant');
  });

  it('is not changed by a call that continues after its caller has gone', () => {
    const { traced, entries } = open();
    traced.passed('check');
    traced.sending();
    traced.attempted(failure());
    traced.failed(identityVerifyError('IDV_ABORTED'), 50_000, FEN);
    traced.sending();
    traced.attempted(ANSWER);
    traced.passed('call');
    expect(entries[0]?.attempts).toHaveLength(1);
    expect(entries[0]?.phases).toStrictEqual({ check: 0 });
  });
});

describe('the attempts of an entry', () => {
  it('have their times, how far they came, and what they cost', () => {
    const { traced, entries } = open();
    for (const end of [
      { failure: failure({ billed: 'no' }), phase: 'unsent' },
      { failure: failure({ billed: 'unknown', upstreamCode: '10015' }) },
      failure({ billed: 'no', upstreamCode: '10017' }),
      ANSWER,
    ] as const) {
      now += 10;
      traced.sending();
      now += 3;
      traced.attempted(end);
    }
    traced.answered(verified(), 50_000, FEN);
    expect(entries[0]?.attempts).toStrictEqual([
      { startMs: 10, durationMs: 3, reached: 'unsent', billed: 'no', errorCode: 'IDV_QUOTA' },
      {
        startMs: 23,
        durationMs: 3,
        reached: 'reply',
        billed: 'unknown',
        errorCode: 'IDV_QUOTA',
        upstreamCode: '10015',
      },
      { startMs: 36, durationMs: 3, reached: 'reply', billed: 'no', errorCode: 'IDV_QUOTA', upstreamCode: '10017' },
      { startMs: 49, durationMs: 3, reached: 'reply', billed: 'yes', upstreamCode: '10000' },
    ]);
  });
});

describe('the span of a question', () => {
  it.each([
    ['answered', ['attributes', 'end']],
    ['failed', ['attributes', 'status ERROR', 'end']],
    ['broken', ['status ERROR', 'end']],
  ] as const)('ends when it is %s', (how, expected) => {
    const { traced, said } = open({ records: true });
    end(traced, how);
    expect(said).toEqual(expected);
  });

  it.each(['answered', 'failed'] as const)(
    'ends without a word, and no time is measured, if nobody listens (%s)',
    (how) => {
      const { traced, said } = open({ listens: false });
      traced.passed('check');
      traced.sending();
      traced.attempted(ANSWER);
      end(traced, how);
      expect(said).toEqual(['end']);
      expect(time).toHaveBeenCalledTimes(1);
    },
  );

  it('says what was measured if an SDK alone listens', () => {
    const { traced, said } = open({ listens: false, records: true });
    end(traced, 'answered');
    expect(said).toEqual(['attributes', 'end']);
  });

  it.each([
    ['works', () => undefined, () => undefined],
    ['fails before it runs anything', fail, () => undefined],
    ['fails after it has run', () => undefined, fail],
  ])(
    'is the parent of what the question does, which is done once, if the context %s',
    async (_title, before, after) => {
      const { traced, span } = open();
      let active: Context = ROOT_CONTEXT;
      context.setGlobalContextManager({
        active: () => active,
        with: (within, run, self, ...args) => {
          before();
          active = within;
          const result = run.call(self as never, ...args);
          active = ROOT_CONTEXT;
          after();
          return result;
        },
        bind: (_context, target) => target,
        enable() {
          return this;
        },
        disable() {
          return this;
        },
      });
      const parents: unknown[] = [];
      const result = await traced.within(async () => parents.push(trace.getSpan(active)));
      expect([parents.length, result]).toEqual([1, 1]);
      if (before !== fail) expect(parents).toEqual([span]);
    },
  );
});

describe('a shutdown', () => {
  it.each([
    ['answered', true],
    ['failed', true],
    ['answered', false],
    ['failed', false],
    ['broken', true],
  ] as const)('waits until the question is %s, and heard: %j', async (how, listens) => {
    const { traced, telemetry, clock, begin } = open({ listens });
    let isDrained = false;
    const drained = telemetry.drain(1_000).then(() => (isDrained = true));
    end(begin(), how); // of a question that began after it, for which it does not wait
    await clock.advance(0);
    expect([isDrained, clock.pending]).toEqual([false, 1]);
    end(traced, how);
    await drained;
    expect(clock.pending).toBe(0);
  });
});

describe('what the ledger says', () => {
  it.each([
    [undefined, {}],
    ['north', { tenant: 'north' }],
  ])('is reported when it passes a budget, for the tenant %j', (tenant, scope) => {
    const { traced, events } = open({ how: tenant === undefined ? {} : { tenant } });
    traced.claimed(GRANTED, BUDGET);
    const event = { type: 'budget', instance: 'bank', period: 'day', limit: 5, calls: 5, ...scope };
    expect(events).toEqual([
      { ...event, percent: 80 },
      { ...event, percent: 100 },
    ]);
  });

  it('reopens the latch if the question began after it closed', () => {
    const { traced, events, begin } = open({ how: { tenant: 'north' } });
    now += 1;
    traced.settled(failure({ billed: 'no' }, 'quota'), false);
    traced.claimed(GRANTED, {});
    expect(events).toMatchObject([{ type: 'latch', state: 'closed' }]);
    now += 1;
    begin().claimed(GRANTED, {});
    expect(events.slice(1)).toMatchObject([{ type: 'latch', state: 'reopened', tenant: 'north' }]);
  });
});

describe('a settled call', () => {
  it('closes the latch that it names, and a probe that is answered reopens it', () => {
    const { traced, events } = open({ how: { tenant: 'north' } });
    traced.settled(failure({ billed: 'no', upstreamCode: '10009' }, 'quota'), false);
    traced.settled(failure({ billed: 'no', upstreamCode: '10009' }), true);
    traced.settled(ANSWER, false);
    const latch = { type: 'latch', instance: 'bank', tenant: 'north', name: 'quota' };
    expect(events).toEqual([{ ...latch, state: 'closed', upstreamCode: '10009' }]);
    traced.settled(ANSWER, true);
    expect(events.slice(1)).toEqual([{ ...latch, state: 'reopened' }]);
  });

  it.each([
    ['it names none', failure({ billed: 'no' })],
    ['it may have been paid for', failure({ billed: 'unknown' }, 'quota')],
  ])('closes no latch if %s', (_title, decoded) => {
    const { traced, events } = open();
    traced.settled(decoded, false);
    expect(events).toEqual([]);
  });
});

function end(traced: QuestionTrace, how: 'answered' | 'failed' | 'broken'): void {
  if (how === 'answered') traced.answered(verified(), 50_000, FEN);
  else if (how === 'failed') traced.failed(identityVerifyError('IDV_QUOTA'), 50_000, FEN);
  else traced.broken();
}

function fail(): never {
  throw new Error('the SDK failed');
}
