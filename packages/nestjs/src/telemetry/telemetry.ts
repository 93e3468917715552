import {
  metrics,
  SpanKind,
  SpanStatusCode,
  trace,
  type Attributes,
  type Counter,
  type Histogram,
  type Span,
  type SpanOptions,
  type Tracer,
  type UpDownCounter,
} from '@opentelemetry/api';
import type { ClaimAnswer, LatchName } from '../ledger/ledger.port.js';
import type { AnsweredEvent, AuditEntry, AuditSink, FailedEvent, IdentityVerifyEvent, Phase } from './events.types.js';
import { ATTRIBUTES, TELEMETRY } from './telemetry.names.js';

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

export interface TelemetryOptions {
  readonly instance: string;
  readonly audit: AuditSink | undefined;
  readonly onEvent: ((event: IdentityVerifyEvent) => void) | undefined;
  /** Told in words, and never what the sink said: it may hold what the entry does not. */
  readonly onSinkFailed: (sink: 'audit' | 'onEvent') => void;
}

/** Reports what happens to OpenTelemetry, to the audit trail and to the application; none of them can do any harm. */
export class Telemetry {
  readonly instance: string;
  readonly #options: TelemetryOptions;
  readonly #tracer: Tracer;
  readonly #verifications: Counter;
  readonly #duration: Histogram;
  readonly #phaseDuration: Histogram;
  readonly #billedCalls: Counter;
  readonly #spend: Counter;
  readonly #claims: Counter;
  readonly #circuitOpen: UpDownCounter;
  readonly #latchesClosed: Counter;
  readonly #auditFailures: Counter;
  readonly #phases: Readonly<Record<Phase, Attributes>>;
  readonly #answered = new Map<string, Attributes>();
  readonly #own: SpanOptions;
  #attempt: { readonly url: string; readonly name: string; readonly options: SpanOptions } | undefined;

  constructor(options: TelemetryOptions) {
    this.instance = options.instance;
    this.#options = options;
    this.#tracer = trace.getTracer(TELEMETRY.scope);
    this.#own = { attributes: this.#attributes() };
    const meter = metrics.getMeter(TELEMETRY.scope);
    this.#verifications = meter.createCounter(TELEMETRY.verifications, { unit: '{verification}' });
    this.#duration = meter.createHistogram(TELEMETRY.duration, SECONDS);
    this.#phaseDuration = meter.createHistogram(TELEMETRY.phaseDuration, SECONDS);
    this.#billedCalls = meter.createCounter(TELEMETRY.billedCalls, { unit: '{call}' });
    this.#spend = meter.createCounter(TELEMETRY.spend, { unit: 'CNY' });
    this.#claims = meter.createCounter(TELEMETRY.claims, { unit: '{claim}' });
    this.#circuitOpen = meter.createUpDownCounter(TELEMETRY.circuitOpen, { unit: '{circuit}' });
    this.#latchesClosed = meter.createCounter(TELEMETRY.latchesClosed, { unit: '{latch}' });
    const phase = (name: Phase) => this.#attributes({ [ATTRIBUTES.phase]: name });
    this.#phases = { check: phase('check'), claim: phase('claim'), call: phase('call'), settle: phase('settle') };
    this.#auditFailures = meter.createCounter(TELEMETRY.auditFailures, { unit: '{failure}' });
  }

  startSpan(): Span {
    return this.#tracer.startSpan(TELEMETRY.verifySpan, this.#own);
  }

  /** The span of one attempt, after the semantic conventions of HTTP clients. The URL has neither query nor person. */
  startAttempt(url: string): Span {
    // There is one URL an instance.
    if (this.#attempt?.url !== url) this.#attempt = { url, ...attemptSpan(url) };
    return this.#tracer.startSpan(this.#attempt.name, this.#attempt.options);
  }

  phase(phase: Phase, ms: number): void {
    this.#phaseDuration.record(ms / 1_000, this.#phases[phase]);
  }

  claimed(answer: ClaimAnswer): void {
    const verdict = answer.verdict === 'refused' ? `refused_${answer.reason}` : answer.verdict;
    this.#claims.add(1, this.#attributes({ [ATTRIBUTES.verdict]: verdict }));
  }

  circuit(state: 'open' | 'closed'): void {
    this.#circuitOpen.add(state === 'open' ? 1 : -1, this.#attributes());
    this.#emit({ type: 'circuit', instance: this.instance, state });
  }

  latched(name: LatchName, tenant: string | undefined): void {
    this.#latchesClosed.add(1, this.#attributes({ [ATTRIBUTES.latch]: name }));
    this.#emit({ type: 'latch', instance: this.instance, name, ...(tenant !== undefined && { tenant }) });
  }

  /** One question has ended. */
  ended(span: Span, entry: AuditEntry): void {
    const attributes = entry.type === 'answered' ? this.#answeredAs(entry) : this.#failedAs(entry);
    this.#verifications.add(1, attributes);
    this.#duration.record(entry.durationMs / 1_000, attributes);
    if (entry.billed !== 'no') {
      this.#billedCalls.add(1, this.#attributes({ [ATTRIBUTES.billed]: entry.billed }));
      this.#spend.add(entry.fen / 100, this.#attributes());
    }
    if (span.isRecording()) {
      span.setAttributes({
        ...attributes,
        [ATTRIBUTES.billed]: entry.billed,
        ...(entry.seqNo !== undefined && { [ATTRIBUTES.seqNo]: entry.seqNo }),
        ...(entry.requestId !== undefined && { [ATTRIBUTES.requestId]: entry.requestId }),
      });
      if (entry.type === 'failed') span.setStatus({ code: SpanStatusCode.ERROR, message: entry.errorCode });
    }
    span.end();
    this.#audit(entry);
    this.#emit(entry);
  }

  /** Made once for each combination: outcomes, sources and the codes of answers are few. */
  #answeredAs({ outcome, code, source }: AnsweredEvent): Attributes {
    const key = `${outcome} ${code} ${source}`;
    let attributes = this.#answered.get(key);
    if (!attributes) {
      attributes = this.#attributes({
        [ATTRIBUTES.outcome]: outcome,
        [ATTRIBUTES.upstreamCode]: code,
        [ATTRIBUTES.source]: source,
      });
      this.#answered.set(key, attributes);
    }
    return attributes;
  }

  #failedAs({ errorCode, upstreamCode }: FailedEvent): Attributes {
    return this.#attributes({
      [ATTRIBUTES.errorType]: errorCode,
      ...(upstreamCode !== undefined && { [ATTRIBUTES.upstreamCode]: upstreamCode }),
    });
  }

  #audit(entry: AuditEntry): void {
    const { audit } = this.#options;
    if (!audit) return;
    const failed = () => this.#sinkFailed('audit');
    try {
      audit(entry)?.then(undefined, failed);
    } catch {
      failed();
    }
  }

  #emit(event: IdentityVerifyEvent): void {
    try {
      this.#options.onEvent?.(event);
    } catch {
      this.#sinkFailed('onEvent');
    }
  }

  #sinkFailed(sink: 'audit' | 'onEvent'): void {
    this.#auditFailures.add(1, this.#attributes());
    this.#options.onSinkFailed(sink);
  }

  #attributes(more?: Attributes): Attributes {
    return { [ATTRIBUTES.instance]: this.instance, ...more };
  }
}

function attemptSpan(url: string): { name: string; options: SpanOptions } {
  const { hostname, port, pathname, protocol } = new URL(url);
  const attributes = {
    'http.request.method': 'POST',
    'url.full': url,
    'server.address': hostname,
    'server.port': Number(port) || (protocol === 'https:' ? 443 : 80),
  };
  return { name: `POST ${pathname}`, options: { kind: SpanKind.CLIENT, attributes } };
}
