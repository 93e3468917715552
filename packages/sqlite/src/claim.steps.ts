import type { ClaimAnswer, ClaimRequest } from '@identity-verify/nestjs';
import type { LedgerClock, Moment } from './ledger.clock.js';
import type { IntentRow, QuestionRows, Undo } from './question.rows.js';
import type { ScopeRows } from './scope.rows.js';
import type { SqlSession } from './sql.session.js';
import type { SubjectLinks } from './subject.links.js';

/** Everything that a claim reads and writes. */
export interface LedgerTables {
  readonly session: SqlSession;
  readonly clock: LedgerClock;
  readonly questions: QuestionRows;
  readonly links: SubjectLinks;
  readonly scopes: ScopeRows;
}

/** Rows stay for so long after they are over, so that a slow owner can still settle. */
const GRACE_MS = 3_600_000;
/** Every so many grants, some rows that are over are deleted. */
const SWEEP_EVERY = 16;
const SWEEP_ROWS = 64;

/** The steps of a claim, in the order in which they are taken. The same as those of MemoryLedger. */
export class ClaimSteps {
  readonly #session: SqlSession;
  readonly #clock: LedgerClock;
  readonly #questions: QuestionRows;
  readonly #links: SubjectLinks;
  readonly #scopes: ScopeRows;
  #grants = 0;

  constructor({ session, clock, questions, links, scopes }: LedgerTables) {
    this.#session = session;
    this.#clock = clock;
    this.#questions = questions;
    this.#links = links;
    this.#scopes = scopes;
  }

  /** An answer, or what an earlier claim of the same question has to say. */
  known({ keys, maxAgeMs, repeatInDoubt }: ClaimRequest, elapsed: number): ClaimAnswer | undefined {
    for (const key of keys) {
      const answer = this.#questions.answer(key, maxAgeMs, elapsed);
      if (answer) return { verdict: 'hit', answer };
    }
    for (const key of keys) {
      const intent = this.#questions.intent(key);
      const answer = intent && heldBack(intent, repeatInDoubt, elapsed);
      if (answer) return answer;
    }
    return undefined;
  }

  /** Inside a transaction: answers, refuses or grants. */
  decide(request: ClaimRequest): ClaimAnswer {
    const moment = this.#clock.moment();
    return this.known(request, moment.elapsed) ?? this.#limited(request, moment) ?? this.#grant(request, moment);
  }

  #limited({ scope, budget, subjectLimit, idKeys, mobileKeys, keys }: ClaimRequest, moment: Moment) {
    const { elapsed } = moment;
    const refused = (reason: 'latched' | 'subject_id_number' | 'subject_mobile', retryAfterMs: number) =>
      ({ verdict: 'refused', reason, retryAfterMs }) as const;
    const latched = this.#scopes.latchedFor(scope, elapsed);
    if (latched > 0) return refused('latched', latched);
    if (subjectLimit) {
      const { windowMs, perIdNumber, perMobile } = subjectLimit;
      const byId = this.#links.waitFor('id', idKeys, keys, perIdNumber, windowMs, elapsed);
      if (byId > 0) return refused('subject_id_number', byId);
      const byMobile = this.#links.waitFor('mobile', mobileKeys, keys, perMobile, windowMs, elapsed);
      if (byMobile > 0) return refused('subject_mobile', byMobile);
    }
    const exhausted = this.#scopes.exhausted(budget, this.#scopes.spent(scope, moment), moment.now);
    return exhausted && ({ verdict: 'refused', ...exhausted } as const);
  }

  #grant(request: ClaimRequest, moment: Moment): ClaimAnswer {
    const { scope, keys, owner, leaseMs, doubtMs, subjectLimit } = request;
    const { elapsed } = moment;
    const leaseUntil = Math.ceil(elapsed + leaseMs);
    const until = Math.ceil(leaseUntil + doubtMs);
    this.#clock.store(moment);
    this.#scopes.note(scope);
    const mark = this.#links.mark(request, subjectLimit?.windowMs, elapsed, until);
    const replaced: Undo['replaced'][number][] = [];
    for (const key of keys) {
      const before = this.#questions.intent(key);
      if (!before) continue;
      this.#questions.dropIntent(key);
      replaced.push(lapsed(before));
    }
    const { day, month } = this.#scopes.reserve(scope, moment);
    const [key = ''] = keys;
    this.#questions.open({ key, owner, lease_until: leaseUntil, until, day, month, undo: { mark, replaced } });
    const probe = this.#scopes.startProbe(scope, owner, leaseUntil);
    const spent = this.#scopes.spent(scope, moment);
    this.#sweepNowAndThen(elapsed - GRACE_MS);
    return { verdict: 'granted', probe, spent };
  }

  #sweepNowAndThen(before: number): void {
    if (++this.#grants % SWEEP_EVERY !== 0) return;
    const swept =
      this.#questions.sweep(before, SWEEP_ROWS) +
      this.#links.sweep(before, SWEEP_ROWS) +
      this.#scopes.sweep(before, SWEEP_ROWS);
    if (swept > 0) this.#session.exec(`PRAGMA incremental_vacuum(${SWEEP_ROWS})`);
  }
}

/** What an open question says to a claim of the same question. */
function heldBack(intent: IntentRow, repeatInDoubt: boolean, elapsed: number): ClaimAnswer | undefined {
  const { kind, until, lease_until: leaseUntil } = intent;
  if (kind === 'in_flight' && leaseUntil !== null && elapsed < leaseUntil) {
    return { verdict: 'in_flight', leaseMs: leaseUntil - elapsed };
  }
  if (elapsed >= until) return undefined;
  if (kind === 'blocked') return { verdict: 'refused', reason: 'same_parameter', retryAfterMs: until - elapsed };
  return repeatInDoubt ? undefined : { verdict: 'unknown', retryAfterMs: until - elapsed };
}

/** An intent whose owner was replaced is a doubt: the owner may not come back to it. */
function lapsed({ key, kind, until }: IntentRow): Undo['replaced'][number] {
  return { key, kind: kind === 'in_flight' ? 'in_doubt' : kind, until };
}
