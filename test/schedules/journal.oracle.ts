import type { JournalEntry } from '@identity-verify/mock-server';
import type { Identity, Outcome, Verification } from '@identity-verify/nestjs';
import { expect } from '@jest/globals';
import type { Scope } from './schedule.steps.js';

/** Deadline of a question, in milliseconds. */
export const DEADLINE_MS = 1_000;

/** Lifetimes of answers and doubts, in milliseconds. */
export const LIFETIMES = {
  matchMs: 60_000,
  mismatchMs: 20_000,
  noRecordMs: 10_000,
  indeterminateMs: 5_000,
  unknownMs: 8_000,
  sameParameterBlockMs: 10_000,
};
const LIFETIME_OF: Readonly<Record<Outcome, number>> = {
  match: LIFETIMES.matchMs,
  mismatch: LIFETIMES.mismatchMs,
  no_record: LIFETIMES.noRecordMs,
  indeterminate: LIFETIMES.indeterminateMs,
};

/** The scenarios that answer a question. After any other, an answer would be a guess. */
const ANSWERS: ReadonlyMap<string | null, Outcome> = new Map<string, Outcome>([
  ['state-1', 'match'],
  ['state-2', 'mismatch'],
  ['code-10001', 'no_record'],
  ...['state-3', 'state-null', 'state-missing', 'state-unknown'].map((id) => [id, 'indeterminate'] as const),
  // Good replies; only their connection is not.
  ['fault-duplicate-reply', 'match'],
  ['fault-early-close', 'match'],
]);

/** A call that arrived at the mock. */
interface Call {
  readonly entry: JournalEntry;
  readonly at: number;
}

/** Something that a caller did, and that bears on whether a question may be paid for again. */
export interface Reason {
  /** `fresh`: accepts no kept answer; `insist`: a doubt is no obstacle; `unseen`: does not see what came. */
  readonly kind: 'fresh' | 'insist' | 'unseen';
  readonly from: number;
  /** The latest time at which a call can be made for this reason. */
  until: number;
}

/** One name for a question of an account. */
export const questionName = (scope: Scope, { name, idCard, mobile }: Identity) =>
  [scope, name, idCard, mobile].join(' ');

/** What the mock's journal says, over all its restarts: the truth that a client's answers and counts are held against. */
export class JournalOracle {
  readonly #calls = new Map<string, Call[]>();
  readonly #bySeqNo = new Map<string, { readonly question: string; readonly entry: JournalEntry }>();
  readonly #billed = new Map<Scope, number>();
  readonly #answered = new Set<string>();
  readonly #reasons = new Map<string, Reason[]>();
  readonly #forgotten: { readonly idCard: string; readonly at: number }[] = [];

  /** Records a call. */
  arrived(scope: Scope, entry: JournalEntry): void {
    if (entry.billed !== 'no') this.#billed.set(scope, this.billed(scope) + 1);
    if (!entry.person) return;
    const question = questionName(scope, entry.person);
    const calls = this.#calls.get(question) ?? [];
    this.#calls.set(question, calls);
    calls.push({ entry, at: Date.parse(entry.at) });
    if (entry.seqNo !== null) this.#bySeqNo.set(entry.seqNo, { question, entry });
  }

  /** The calls of an account that were or may have been paid for. */
  billed(scope: Scope): number {
    return this.#billed.get(scope) ?? 0;
  }

  /** Records why a further call may be paid for. */
  excuse(question: string, reason: Reason): Reason {
    this.#reasons.set(question, [...(this.#reasons.get(question) ?? []), reason]);
    return reason;
  }

  /** Records that everything about an ID number was erased. */
  forget(idCard: string, at: number): void {
    this.#forgotten.push({ idCard, at });
  }

  /** Checks an answer: the journal has it, for this person, in this account, and it has not outlived its time. */
  checkAnswer(question: string, { outcome, seqNo = '', answeredAt }: Verification, begun: number, isFresh: boolean) {
    const call = this.#bySeqNo.get(seqNo);
    expect({ seqNo, question: call?.question }).toEqual({ seqNo, question });
    expect({ outcome, scenario: call?.entry.scenario }).toEqual({
      outcome: ANSWERS.get(call?.entry.scenario ?? null),
      scenario: call?.entry.scenario,
    });
    expect(answeredAt.getTime() + LIFETIME_OF[outcome]).toBeGreaterThan(begun);
    if (isFresh) expect(answeredAt.getTime()).toBeGreaterThanOrEqual(begun);
    this.#answered.add(seqNo);
  }

  /** Checks that no call followed one that may have been paid for within its time, unless somebody wanted it. */
  checkPaidOnce(): void {
    for (const [question, calls] of this.#calls) {
      let paid: Call | undefined;
      for (const call of calls) {
        if (paid) this.#checkRepeated(question, paid, call);
        if (call.entry.billed !== 'no') paid = call;
      }
    }
  }

  #checkRepeated(question: string, paid: Call, next: Call): void {
    const outcome = ANSWERS.get(paid.entry.scenario);
    const overlaps = (at: number) => (reason: Reason) => reason.from <= at && at <= reason.until;
    const reasons = this.#reasons.get(question) ?? [];
    const excused = new Set(reasons.filter(overlaps(next.at)).map(({ kind }) => kind));
    // Granted before the person was erased, a call can arrive up to a deadline later; its answer is not kept either.
    const wasErased = this.#forgotten.some(
      ({ idCard, at }) => idCard === paid.entry.person?.idCard && paid.at - DEADLINE_MS <= at && at <= next.at,
    );
    if (wasErased) return;
    const wasAnswered = outcome !== undefined && this.#answered.has(paid.entry.seqNo ?? '');
    // A caller who left, or whom the guard denied, does not see the answer.
    const unclear =
      outcome !== undefined && !wasAnswered && reasons.filter(overlaps(paid.at)).some(({ kind }) => kind === 'unseen');
    const lifetimes = [
      ...(wasAnswered || unclear ? [LIFETIME_OF[outcome]] : []),
      ...(wasAnswered ? [] : [LIFETIMES.unknownMs]),
    ];
    if (next.at - paid.at >= Math.min(...lifetimes)) return;
    const wanted = (excused.has('fresh') && (wasAnswered || unclear)) || (excused.has('insist') && !wasAnswered);
    const story = { paid: paid.entry, next: next.entry, excused: [...excused], wasAnswered, unclear };
    expect(wanted ? 'wanted' : story).toBe('wanted');
  }
}
