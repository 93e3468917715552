import { context, SpanStatusCode, trace, type Span } from '@opentelemetry/api';
import type { IdentityVerifyError } from '../errors/identity-verify.error.js';
import type { CallBudget, ClaimAnswer } from '../ledger/ledger.port.js';
import type { AttemptEnd } from '../upstream/call.signals.js';
import type { Decoded } from '../upstream/reply.decoder.js';
import { isTenant } from '../accounts/tenant.directory.js';
import type { Verification, VerifyOptions } from './verification.types.js';
import type { AttemptFacts, AuditEntry, Phase, QuestionFacts } from '../telemetry/events.types.js';
import type { Telemetry } from '../telemetry/telemetry.js';
import type { Writable } from '../support/writable.types.js';

/** Records the progress of one question, and reports it at its end. */
export class QuestionTrace {
  readonly #telemetry: Telemetry;
  readonly #how: VerifyOptions;
  readonly #tenant: string | undefined;
  readonly #span: Span;
  readonly #began: number;
  readonly #counted: boolean;
  readonly #heard: boolean;
  #mark: number;
  readonly #phases: Partial<Record<Phase, number>> = {};
  #attempts: AttemptFacts[] | undefined;
  #attemptBegan = 0;

  constructor(telemetry: Telemetry, how: VerifyOptions) {
    this.#telemetry = telemetry;
    this.#how = how;
    // Any other value is refused later, and must not appear in a report.
    this.#tenant = isTenant(how.tenant) ? how.tenant : undefined;
    this.#counted = telemetry.pending.begun();
    this.#span = telemetry.startSpan();
    this.#heard = telemetry.isHeard(this.#span);
    this.#began = this.#mark = performance.now();
  }

  /** Ends a phase: the time since the previous one. */
  passed(phase: Phase): void {
    if (!this.#heard) return;
    const now = performance.now();
    const ms = now - this.#mark;
    this.#phases[phase] = ms;
    this.#telemetry.phase(phase, ms);
    this.#mark = now;
  }

  /** An attempt begins. */
  sending(): void {
    if (this.#heard) this.#attemptBegan = performance.now();
  }

  /** The attempt ended. */
  attempted(end: AttemptEnd): void {
    if (!this.#heard) return;
    const startMs = this.#attemptBegan - this.#began;
    const durationMs = performance.now() - this.#attemptBegan;
    (this.#attempts ??= []).push({ startMs, durationMs, ...factsOf(end) });
  }

  /** Reports the ledger's decision. `budget` is the one that the claim counts against. */
  claimed(answer: ClaimAnswer, budget: CallBudget): void {
    this.#telemetry.claimed(answer);
    this.#telemetry.alerts.claimed({ tenant: this.#tenant, began: this.#began }, answer, budget);
  }

  /** Reports a settled call. `probe` is the grant's. */
  settled(decoded: Decoded, probe: boolean): void {
    const { alerts } = this.#telemetry;
    if (decoded.kind === 'answer') {
      if (probe) alerts.latchReopened(this.#tenant);
    } else if (decoded.latch && decoded.error.billed === 'no') {
      alerts.latchClosed(this.#tenant, decoded.latch, decoded.error);
    }
  }

  /** Runs the rest of the question as a child of its span: exactly once, even if tracing fails. */
  within<T>(run: () => Promise<T>): Promise<T> {
    let running: Promise<T> | undefined;
    const once = (): void => void (running ??= run());
    this.#telemetry.harmless(() => context.with(trace.setSpan(context.active(), this.#span), once));
    return running ?? run();
  }

  answered(verification: Verification, now: number, fenPerCall: number): void {
    if (!this.#heard) return this.#unheard();
    const { outcome, code, source, billed, seqNo, requestId } = verification;
    const facts = this.#facts(now, billed, fenPerCall, seqNo, requestId);
    this.#ended(Object.assign(facts, { type: 'answered' as const, outcome, code, source }));
  }

  failed(error: IdentityVerifyError, now: number, fenPerCall: number): void {
    if (!this.#heard) return this.#unheard();
    const { code, category, upstreamCode, billed, seqNo, requestId } = error;
    this.#ended({
      type: 'failed',
      errorCode: code,
      category,
      ...(upstreamCode !== undefined && { upstreamCode }),
      ...this.#facts(now, billed, fenPerCall, seqNo, requestId),
    });
  }

  /** Ends the span after a defect, which has no error to report. */
  broken(): void {
    this.#telemetry.harmless(() => this.#span.setStatus({ code: SpanStatusCode.ERROR }).end());
    if (this.#counted) this.#telemetry.pending.ended();
  }

  #unheard(): void {
    this.#telemetry.harmless(() => this.#span.end());
    if (this.#counted) this.#telemetry.pending.ended();
  }

  #ended(entry: AuditEntry): void {
    this.#telemetry.ended(this.#span, entry);
    if (this.#counted) this.#telemetry.pending.ended();
  }

  #facts(
    now: number,
    billed: QuestionFacts['billed'],
    fenPerCall: number,
    seqNo: string | undefined,
    requestId: string | undefined,
  ): QuestionFacts {
    const { purpose, consentRef } = this.#how;
    const durationMs = performance.now() - this.#began;
    const facts: Writable<QuestionFacts> = {
      instance: this.#telemetry.instance,
      at: new Date(now - durationMs),
      durationMs,
      // A copy: a sent call continues after its caller has gone, and the entry belongs to the application.
      phases: { ...this.#phases },
      billed,
      fen: billed === 'no' ? 0 : fenPerCall,
    };
    // Assigned one by one: conditional spreads cost more than the rest of this function.
    if (this.#attempts !== undefined) facts.attempts = [...this.#attempts];
    if (this.#tenant !== undefined) facts.tenant = this.#tenant;
    if (purpose !== undefined) facts.purpose = purpose;
    if (consentRef !== undefined) facts.consentRef = consentRef;
    if (seqNo !== undefined) facts.seqNo = seqNo;
    if (requestId !== undefined) facts.requestId = requestId;
    return facts;
  }
}

/** What an attempt says of itself: never anything of the question. */
function factsOf(end: AttemptEnd): Pick<AttemptFacts, 'reached' | 'billed' | 'upstreamCode' | 'errorCode'> {
  if ('kind' in end) {
    if (end.kind === 'answer') return { reached: 'reply', billed: end.billed, upstreamCode: end.code };
    return factsOf({ failure: end });
  }
  const { code, billed, upstreamCode } = end.failure.error;
  return {
    reached: end.phase ?? 'reply',
    billed,
    errorCode: code,
    ...(upstreamCode !== undefined && { upstreamCode }),
  };
}
