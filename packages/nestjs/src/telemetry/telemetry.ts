import {
  INVALID_SPAN_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Attributes,
  type Span,
  type SpanOptions,
  type Tracer,
} from '@opentelemetry/api';
import { systemClock, type Clock } from '../support/clock.js';
import type { ClaimAnswer } from '../ledger/ledger.port.js';
import type { StoreState } from '../ledger/store.breaker.js';
import type { WriteBackResult } from '../ledger/write.back.js';
import type { AnsweredEvent, AuditEntry, FailedEvent, Phase, StoreEvent } from './events.types.js';
import { openInstruments, type Instruments } from './instruments.js';
import { PendingWork } from './pending.work.js';
import { ScopeAlerts } from './scope.alerts.js';
import { SdkGuard } from './sdk.guard.js';
import { SinkDelivery, type Sinks } from './sink.delivery.js';
import { ATTRIBUTES, TELEMETRY } from './telemetry.names.js';

export interface TelemetryOptions extends Sinks {
  readonly instance: string;
  /** Receives the name of the sink and never its error, which may contain more than the entry does. Must not throw. */
  readonly onSinkFailed: (sink: keyof Sinks) => void;
  /** Writes to the log. Must not throw. @default writes nothing */
  readonly warn?: (message: string) => void;
  /** @default the machine's clock */
  readonly clock?: Pick<Clock, 'now' | 'schedule'>;
}

/** Reports to OpenTelemetry, the audit trail and the application. Their failures cannot fail a verification. */
export class Telemetry {
  readonly instance: string;
  /** Questions and reports under way. */
  readonly pending = new PendingWork();
  /** Latches and budgets. */
  readonly alerts: ScopeAlerts;
  readonly #clock: Pick<Clock, 'schedule'>;
  readonly #guard: SdkGuard;
  readonly #sinks: SinkDelivery;
  readonly #tracer: Tracer | undefined;
  readonly #instruments: Instruments;
  /** Whether an SDK or a function of the application receives reports. Spans are apart: a provider can come later. */
  readonly #isRead: boolean;
  readonly #phases: Readonly<Record<Phase, Attributes>>;
  readonly #answered = new Map<string, Attributes>();
  readonly #own: SpanOptions;
  #attempt: { readonly url: string; readonly name: string; readonly options: SpanOptions } | undefined;

  constructor(options: TelemetryOptions) {
    const { instance, onSinkFailed, warn = () => undefined, clock = systemClock } = options;
    this.instance = instance;
    this.#clock = clock;
    this.#guard = new SdkGuard(warn);
    this.#sinks = new SinkDelivery(options, this.pending, (sink) => {
      this.harmless(() => this.#instruments.auditFailures.add(1, this.#attributes()));
      onSinkFailed(sink);
    });
    this.#own = { attributes: this.#attributes() };
    const phase = (name: Phase) => this.#attributes({ [ATTRIBUTES.phase]: name });
    this.#phases = { check: phase('check'), claim: phase('claim'), call: phase('call'), settle: phase('settle') };
    this.#tracer = this.harmless(() => trace.getTracer(TELEMETRY.scope));
    this.#instruments = openInstruments(this.#guard);
    this.#isRead = this.#instruments.areRead || this.#sinks.takesEntries;
    this.alerts = new ScopeAlerts({
      instance,
      clock,
      instruments: this.#instruments,
      guard: this.#guard,
      warn,
      emit: (event) => this.#sinks.event(event),
    });
    this.#recordCircuit(0);
  }

  /** Whether anything receives the phases and the end of a question with this span. If not, nothing is made for it. */
  isHeard(span: Span): boolean {
    return this.#isRead || (this.harmless(() => span.isRecording()) ?? true);
  }

  /** Runs a call of OpenTelemetry. Returns undefined if it throws. */
  harmless<T>(report: () => T): T | undefined {
    return this.#guard.run(report);
  }

  startSpan(): Span {
    return this.harmless(() => this.#tracer?.startSpan(TELEMETRY.verifySpan, this.#own)) ?? NO_SPAN;
  }

  /**
   * Starts the span of one attempt, by the semantic conventions of HTTP clients. The URL has no query and no personal
   * data.
   */
  startAttempt(url: string): Span {
    // An instance has one URL, so this is computed once.
    if (this.#attempt?.url !== url) this.#attempt = { url, ...attemptSpan(url) };
    const { name, options } = this.#attempt;
    return this.harmless(() => this.#tracer?.startSpan(name, options)) ?? NO_SPAN;
  }

  phase(phase: Phase, ms: number): void {
    this.harmless(() => this.#instruments.phaseDuration.record(ms / 1_000, this.#phases[phase]));
  }

  claimed(answer: ClaimAnswer): void {
    if (!this.#instruments.areRead) return;
    const verdict = answer.verdict === 'refused' ? `refused_${answer.reason}` : answer.verdict;
    this.harmless(() => this.#instruments.claims.add(1, this.#attributes({ [ATTRIBUTES.verdict]: verdict })));
  }

  circuit(state: 'open' | 'closed'): void {
    this.#recordCircuit(state === 'open' ? 1 : 0);
    this.#sinks.event({ type: 'circuit', instance: this.instance, state });
  }

  /** Records the state of the ledger's store. */
  storeIs(state: StoreState, onStoreFailure: StoreEvent['onStoreFailure']): void {
    const isAvailable = state === 'available';
    this.harmless(() => this.#instruments.storeAvailable.record(Number(isAvailable), this.#attributes()));
    if (onStoreFailure === 'local')
      this.harmless(() => this.#instruments.ledgerLocal.record(Number(!isAvailable), this.#attributes()));
  }

  /** Reports that the state of the ledger's store has changed. */
  storeBecame(state: StoreState, onStoreFailure: StoreEvent['onStoreFailure']): void {
    this.storeIs(state, onStoreFailure);
    this.#sinks.event({ type: 'store', instance: this.instance, state, onStoreFailure });
  }

  writeBack(result: WriteBackResult): void {
    this.harmless(() => this.#instruments.writeBacks.add(1, this.#attributes({ [ATTRIBUTES.result]: result })));
  }

  /** Reports the end of a question. */
  ended(span: Span, entry: AuditEntry): void {
    const attributes = entry.type === 'answered' ? this.#answeredAs(entry) : this.#failedAs(entry);
    this.harmless(() => this.#count(entry, attributes));
    this.harmless(() => describe(span, entry, attributes));
    this.harmless(() => span.end());
    this.#sinks.entry(entry);
  }

  /**
   * Waits until the questions under way are reported and the application's functions have received the reports, for at
   * most `timeoutMs`. Later reports are delivered without waiting.
   */
  drain(timeoutMs: number): Promise<void> {
    return this.pending.drain(this.#clock, timeoutMs);
  }

  #count({ durationMs, billed, fen }: AuditEntry, attributes: Attributes): void {
    const { verifications, duration, billedCalls, spend } = this.#instruments;
    verifications.add(1, attributes);
    duration.record(durationMs / 1_000, attributes);
    if (billed === 'no') return;
    billedCalls.add(1, this.#attributes({ [ATTRIBUTES.billed]: billed }));
    spend.add(fen / 100, this.#attributes());
  }

  /** Cached per combination: there are few outcomes, sources and answer codes. */
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

  #recordCircuit(open: 0 | 1): void {
    this.harmless(() => this.#instruments.circuitOpen.record(open, this.#attributes()));
  }

  #attributes(more?: Attributes): Attributes {
    return { [ATTRIBUTES.instance]: this.instance, ...more };
  }
}

/** Replaces a span that the SDK failed to create. */
const NO_SPAN = trace.wrapSpanContext(INVALID_SPAN_CONTEXT);

function describe(span: Span, entry: AuditEntry, attributes: Attributes): void {
  if (!span.isRecording()) return;
  span.setAttributes({
    ...attributes,
    [ATTRIBUTES.billed]: entry.billed,
    ...(entry.seqNo !== undefined && { [ATTRIBUTES.seqNo]: entry.seqNo }),
    ...(entry.requestId !== undefined && { [ATTRIBUTES.requestId]: entry.requestId }),
  });
  if (entry.type === 'failed') span.setStatus({ code: SpanStatusCode.ERROR, message: entry.errorCode });
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
