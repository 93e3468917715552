import { systemClock, type Clock } from '../support/clock.js';
import type {
  ClaimAnswer,
  ClaimRequest,
  ForgetRequest,
  Grant,
  LatchState,
  Ledger,
  LedgerAnswer,
  LedgerSpent,
  Settlement,
} from './ledger.port.js';
import { OpenQuestions } from './open.questions.js';
import { ScopeAccount, type Moment, type ProbeEnd } from './scope.account.js';
import { SubjectBook, type ClaimedSubjects } from './subject.book.js';

export interface MemoryLedgerOptions {
  /** @default the machine's clock */
  readonly clock?: Pick<Clock, 'now' | 'monotonic'> | undefined;
  /**
   * Maximum number of answers, and of open questions. The oldest answer is dropped first, unless it has been used since
   * it became one of the oldest. Twice as many subjects are kept; beyond that, new ones are refused until a window ends.
   * @default 100_000
   */
  readonly maxEntries?: number | undefined;
}

interface KeptAnswer {
  readonly answer: LedgerAnswer;
  readonly subjects: readonly string[];
  readonly keptAt: number;
  readonly expiresAt: number;
  /** Whether the answer was used since it was kept or passed over. */
  used?: boolean;
}

/** Most answers that are passed over, because they were used, before one is dropped: a drop never takes long. */
const MOST_PASSED_OVER = 64;

const DEFAULT_MAX_ENTRIES = 100_000;

/**
 * The ledger of a single process. It is bounded and uses no timers. Each call is synchronous, and so one atomic step.
 * Its content is lost with the process.
 */
export class MemoryLedger implements Ledger {
  readonly #clock: Pick<Clock, 'now' | 'monotonic'>;
  readonly #maxEntries: number;
  /** In the order of being kept or passed over: a hit only marks its answer, because to move it costs more than to find it. */
  readonly #answers = new Map<string, KeptAnswer>();
  readonly #open: OpenQuestions;
  readonly #accounts = new Map<string, ScopeAccount>();
  readonly #subjects: SubjectBook;

  get kind(): 'memory' {
    return 'memory';
  }

  constructor({ clock = systemClock, maxEntries = DEFAULT_MAX_ENTRIES }: MemoryLedgerOptions = {}) {
    this.#clock = clock;
    this.#maxEntries = maxEntries;
    this.#open = new OpenQuestions(maxEntries, (key, { subjects }, elapsed) => {
      if (!this.#answers.has(key)) this.#subjects.dropped(key, subjects, elapsed);
    });
    // Two subjects per question, and two more for the question being claimed.
    this.#subjects = new SubjectBook(2 * maxEntries + 2, (key) => this.#answers.has(key) || this.#open.has(key));
  }

  peek(keys: readonly string[], maxAgeMs: number = Infinity): LedgerAnswer | undefined {
    const elapsed = this.#clock.monotonic();
    for (const key of keys) {
      const kept = this.#answers.get(key);
      if (!kept) continue;
      if (elapsed >= kept.expiresAt) {
        this.#dropAnswer(key, kept, elapsed);
      } else if (elapsed - kept.keptAt < maxAgeMs) {
        kept.used = true;
        return kept.answer;
      }
    }
    return undefined;
  }

  claim(request: ClaimRequest): ClaimAnswer {
    const answer = this.peek(request.keys, request.maxAgeMs);
    if (answer) return { verdict: 'hit', answer };
    const moment = this.#moment();
    return (
      this.#open.heldBack(request, moment.elapsed) ?? this.#limited(request, moment) ?? this.#grant(request, moment)
    );
  }

  /**
   * Keeps an answer that another ledger returned. For a copy of what this process knows.
   *
   * @param ageMs age of the answer, in milliseconds
   * @param ttlMs rest of its lifetime, in milliseconds
   * @internal
   */
  remember(request: ClaimedSubjects, answer: LedgerAnswer, ageMs: number, ttlMs: number): void {
    const [key = ''] = request.keys;
    const elapsed = this.#clock.monotonic();
    const kept = this.#answers.get(key);
    if (ttlMs <= 0 || (kept && kept.answer.answeredAt >= answer.answeredAt && elapsed < kept.expiresAt)) return;
    if (!this.#subjects.hasRoomFor(request, elapsed)) return;
    const { subjects } = this.#subjects.mark(request, undefined, elapsed).link;
    this.#keep(key, { answer, subjects, keptAt: elapsed - ageMs, expiresAt: elapsed + ttlMs });
  }

  settle({ scope, key, owner, result }: Settlement): boolean {
    const open = this.#open.take(key, owner);
    if (!open) return false;
    const moment = this.#moment();
    const { elapsed } = moment;
    const account = this.#account(scope);
    account.endProbe(owner, probeEndOf(result), elapsed);

    const { subjects } = open;
    if (result.kind === 'answered') {
      if (!result.charged) account.refund(open.reservation, moment);
      if (!open.forgotten && result.ttlMs > 0)
        this.#keep(key, { answer: result.answer, subjects, keptAt: elapsed, expiresAt: elapsed + result.ttlMs });
    } else if (result.kind === 'unbilled') {
      account.refund(open.reservation, moment);
      if (result.latch) account.close(result.latch.name, result.latch.ms, elapsed);
      if (result.blockMs && !open.forgotten)
        this.#open.set(key, { kind: 'blocked', subjects, until: elapsed + result.blockMs });
    } else if (!open.forgotten) {
      this.#open.set(key, { kind: 'in_doubt', subjects, doubtUntil: elapsed + result.ttlMs });
    }
    if (!this.#answers.has(key) && !this.#open.has(key)) this.#subjects.dropped(key, subjects, elapsed);
    return true;
  }

  release({ scope, key, owner }: Grant): boolean {
    const open = this.#open.take(key, owner);
    if (!open) return false;
    const moment = this.#moment();
    const account = this.#account(scope);
    account.refund(open.reservation, moment);
    account.endProbe(owner, 'unasked', moment.elapsed);
    this.#subjects.unmark(open.mark);
    for (const [replaced, before] of open.forgotten ? [] : open.replaced) {
      // Under an older key, somebody without the new pepper may have claimed meanwhile.
      if (!this.#open.has(replaced)) this.#open.set(replaced, before);
    }
    return true;
  }

  forget({ keys, idKeys, mobileKeys }: ForgetRequest): number {
    const linked = this.#subjects.forget([...idKeys, ...mobileKeys]);
    const questions = new Set([...keys, ...linked.questions]);
    this.#subjects.forgetQuestions(
      questions,
      (key) => this.#answers.get(key)?.subjects ?? this.#open.get(key)?.subjects ?? [],
    );
    let { erased } = linked;
    for (const question of questions) {
      erased += Number(this.#answers.delete(question));
      erased += Number(this.#open.forget(question));
    }
    return erased;
  }

  spent(scope: string): LedgerSpent {
    return this.#account(scope).spent(this.#moment());
  }

  latch(scope: string): LatchState | undefined {
    return this.#account(scope).latch(this.#moment());
  }

  reopen(scope: string): boolean {
    return this.#account(scope).reopen();
  }

  scopes(): readonly string[] {
    return [...this.#accounts.keys()];
  }

  #limited(request: ClaimRequest, moment: Moment): ClaimAnswer | undefined {
    const { elapsed } = moment;
    const account = this.#account(request.scope);
    const latched = account.latchedFor(elapsed);
    if (latched > 0) return { verdict: 'refused', reason: 'latched', retryAfterMs: latched };

    const { subjectLimit, idKeys, mobileKeys, keys } = request;
    if (subjectLimit) {
      const { windowMs, perIdNumber, perMobile } = subjectLimit;
      const byId = this.#subjects.waitFor(idKeys, keys, perIdNumber, windowMs, elapsed);
      if (byId > 0) return { verdict: 'refused', reason: 'subject_id_number', retryAfterMs: byId };
      const byMobile = this.#subjects.waitFor(mobileKeys, keys, perMobile, windowMs, elapsed);
      if (byMobile > 0) return { verdict: 'refused', reason: 'subject_mobile', retryAfterMs: byMobile };
    }
    const exhausted = account.exhausted(request.budget, moment);
    if (exhausted) return { verdict: 'refused', ...exhausted };
    const isRoom = this.#open.hasRoom(elapsed) && this.#subjects.hasRoomFor(request, elapsed);
    return isRoom ? undefined : { verdict: 'refused', reason: 'capacity', retryAfterMs: 1_000 };
  }

  #grant(request: ClaimRequest, moment: Moment): ClaimAnswer {
    const { keys, owner, leaseMs, doubtMs, subjectLimit } = request;
    const { elapsed } = moment;
    const account = this.#account(request.scope);
    const leaseUntil = elapsed + leaseMs;
    const mark = this.#subjects.mark(request, subjectLimit?.windowMs, elapsed);
    this.#open.begin(keys, {
      subjects: mark.link.subjects,
      owner,
      leaseUntil,
      doubtUntil: leaseUntil + doubtMs,
      reservation: account.reserve(moment),
      mark,
    });
    return { verdict: 'granted', probe: account.startProbe(owner, leaseUntil), spent: account.spent(moment) };
  }

  #keep(key: string, kept: KeptAnswer): void {
    this.#answers.delete(key);
    // Before the answer is added: it was just paid for, and must not be the one that is dropped.
    if (this.#answers.size >= this.#maxEntries) this.#makeRoom(kept.keptAt);
    this.#answers.set(key, kept);
  }

  #makeRoom(elapsed: number): void {
    let passedOver = 0;
    for (const [oldest, answer] of this.#answers) {
      if (!answer.used || passedOver === MOST_PASSED_OVER) return this.#dropAnswer(oldest, answer, elapsed);
      passedOver++;
      answer.used = false;
      this.#answers.delete(oldest);
      this.#answers.set(oldest, answer);
    }
  }

  #dropAnswer(key: string, { subjects }: KeptAnswer, elapsed: number): void {
    this.#answers.delete(key);
    if (!this.#open.has(key)) this.#subjects.dropped(key, subjects, elapsed);
  }

  #account(scope: string): ScopeAccount {
    let account = this.#accounts.get(scope);
    if (!account) this.#accounts.set(scope, (account = new ScopeAccount()));
    return account;
  }

  #moment(): Moment {
    return { now: this.#clock.now(), elapsed: this.#clock.monotonic() };
  }
}

function probeEndOf(result: Settlement['result']): ProbeEnd {
  if (result.kind === 'answered') return 'answered';
  return result.kind === 'unbilled' && result.inconclusive ? 'unasked' : 'failed';
}
