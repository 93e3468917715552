import { Injectable } from '@nestjs/common';
import type { AttemptFacts, AuditEntry, Billed, IdentityVerifyEvent, Phase } from '@identity-verify/nestjs';
import { currentTimeline } from './call.timeline.js';

/** One question that ended, of any instance and route. Never a name, an ID number or a mobile. */
export interface PastAnswer {
  /** Counts from 1 and has no gaps, so it serves as a cursor. */
  readonly index: number;
  /** `X-Request-Id` of the reply; empty if no request asked. */
  readonly requestId: string;
  /** Start of the question, ISO 8601. */
  readonly at: string;
  readonly instance: string;
  readonly purpose: string | null;
  /** The outcome; null if there was no answer. */
  readonly outcome: string | null;
  /** The error of the module; null if there was an answer. */
  readonly errorCode: string | null;
  /** The code of the upstream, or the id of the gateway row. */
  readonly code: string | null;
  /** Who answered; null if there was no answer. */
  readonly source: string | null;
  readonly billed: Billed;
  readonly fen: number;
  readonly durationMs: number;
  readonly phases: Readonly<Partial<Record<Phase, number>>>;
  readonly attempts: readonly AttemptFacts[];
}

const SIZE = 50;

/** The last answers of this process, for the page. */
@Injectable()
export class AnswerHistory {
  #answers: PastAnswer[] = [];
  #last = 0;

  /** Takes an event of the module. Only a question that ended is kept. */
  take(event: IdentityVerifyEvent): void {
    if (event.type !== 'answered' && event.type !== 'failed') return;
    this.#last += 1;
    this.#answers = [...this.#answers, pastAnswer(this.#last, event)].slice(-SIZE);
  }

  /** @param index the last index that the caller has seen */
  after(index: number): readonly PastAnswer[] {
    return this.#answers.filter((answer) => answer.index > index);
  }

  /** Empties the list. Indexes go on. */
  clear(): void {
    this.#answers = [];
  }
}

function pastAnswer(index: number, event: AuditEntry): PastAnswer {
  const { at, instance, purpose = null, billed, fen, durationMs, phases, attempts = [] } = event;
  const found =
    event.type === 'answered'
      ? { outcome: event.outcome, errorCode: null, code: event.code, source: event.source }
      : { outcome: null, errorCode: event.errorCode, code: event.upstreamCode ?? null, source: null };
  return {
    index,
    requestId: currentTimeline()?.requestId ?? '',
    at: at.toISOString(),
    instance,
    purpose,
    ...found,
    billed,
    fen,
    durationMs,
    phases,
    attempts,
  };
}
