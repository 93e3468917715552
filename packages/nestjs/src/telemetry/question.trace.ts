import { context, trace, type Span } from '@opentelemetry/api';
import type { IdentityVerifyError } from '../errors/identity-verify.error.js';
import type { Verification, VerifyOptions } from '../verification.types.js';
import type { Phase, QuestionFacts } from './events.types.js';
import type { Telemetry } from './telemetry.js';

/** Follows one question on its way, and reports it when it has ended. */
export class QuestionTrace {
  readonly #telemetry: Telemetry;
  readonly #how: VerifyOptions;
  readonly #span: Span;
  readonly #began: number;
  #mark: number;
  readonly #phases: Partial<Record<Phase, number>> = {};

  constructor(telemetry: Telemetry, how: VerifyOptions) {
    this.#telemetry = telemetry;
    this.#how = how;
    this.#span = telemetry.startSpan();
    this.#began = this.#mark = performance.now();
  }

  /** The stretch since the last one has ended. */
  passed(phase: Phase): void {
    const now = performance.now();
    const ms = now - this.#mark;
    this.#phases[phase] = ms;
    this.#telemetry.phase(phase, ms);
    this.#mark = now;
  }

  /** Runs what belongs to this question as a child of its span. */
  within<T>(run: () => T): T {
    return context.with(trace.setSpan(context.active(), this.#span), run);
  }

  answered(verification: Verification, now: number, fenPerCall: number): void {
    const { outcome, code, source, billed, seqNo, requestId } = verification;
    const facts = this.#facts(now, billed, fenPerCall, seqNo, requestId);
    this.#telemetry.ended(this.#span, Object.assign(facts, { type: 'answered' as const, outcome, code, source }));
  }

  failed(error: IdentityVerifyError, now: number, fenPerCall: number): void {
    const { code, category, upstreamCode, billed, seqNo, requestId } = error;
    this.#telemetry.ended(this.#span, {
      type: 'failed',
      errorCode: code,
      category,
      ...(upstreamCode !== undefined && { upstreamCode }),
      ...this.#facts(now, billed, fenPerCall, seqNo, requestId),
    });
  }

  #facts(
    now: number,
    billed: QuestionFacts['billed'],
    fenPerCall: number,
    seqNo: string | undefined,
    requestId: string | undefined,
  ): QuestionFacts {
    const { tenant, purpose, consentRef } = this.#how;
    const durationMs = performance.now() - this.#began;
    const facts: { -readonly [K in keyof QuestionFacts]: QuestionFacts[K] } = {
      instance: this.#telemetry.instance,
      at: new Date(now - durationMs),
      durationMs,
      phases: this.#phases,
      billed,
      fen: billed === 'no' ? 0 : fenPerCall,
    };
    // One by one: spreading what may be missing costs more than all the rest of this.
    if (tenant !== undefined) facts.tenant = tenant;
    if (purpose !== undefined) facts.purpose = purpose;
    if (consentRef !== undefined) facts.consentRef = consentRef;
    if (seqNo !== undefined) facts.seqNo = seqNo;
    if (requestId !== undefined) facts.requestId = requestId;
    return facts;
  }
}
