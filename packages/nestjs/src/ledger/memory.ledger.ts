import { systemClock, type Clock } from '../clock.js';
import type {
  ClaimAnswer,
  ClaimRequest,
  ForgetRequest,
  LatchState,
  Ledger,
  LedgerAnswer,
  LedgerSpent,
  Settlement,
} from './ledger.port.js';
import { dropFirst } from './drop-first.js';
import { ScopeAccount, type Reservation } from './scope.account.js';
import { SubjectWindow } from './subject.window.js';

export interface MemoryLedgerOptions {
  /** @default the machine's clock */
  readonly clock?: Pick<Clock, 'now'>;
  /** Most answers kept, and most open questions; the answer used longest ago goes first. @default 100_000 */
  readonly maxEntries?: number;
}

interface KeptAnswer {
  readonly answer: LedgerAnswer;
  readonly expiresAt: number;
}

type OpenQuestion =
  | {
      readonly kind: 'in_flight';
      readonly owner: string;
      readonly leaseUntil: number;
      readonly doubtUntil: number;
      readonly reservation: Reservation;
      forgotten: boolean;
    }
  | { readonly kind: 'in_doubt'; readonly doubtUntil: number }
  | { readonly kind: 'blocked'; readonly until: number };

/** How long questions are linked to a person when there is no subject limit: longer than any answer is kept. */
const LINK_WINDOW_MS = 48 * 3_600_000;
const DEFAULT_MAX_ENTRIES = 100_000;

/**
 * The ledger of a single process: bounded, without timers, every call one synchronous and so atomic step.
 * What it holds is lost with the process.
 */
export class MemoryLedger implements Ledger {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #maxEntries: number;
  /** In the order of last use. */
  readonly #answers = new Map<string, KeptAnswer>();
  readonly #open = new Map<string, OpenQuestion>();
  readonly #subjects = new Map<string, SubjectWindow>();
  readonly #accounts = new Map<string, ScopeAccount>();

  constructor({ clock = systemClock, maxEntries = DEFAULT_MAX_ENTRIES }: MemoryLedgerOptions = {}) {
    this.#clock = clock;
    this.#maxEntries = maxEntries;
  }

  claim(request: ClaimRequest): ClaimAnswer {
    const now = this.#clock.now();
    const answer = this.#freshAnswer(request, now);
    if (answer) return { verdict: 'hit', answer };
    return this.#heldBack(request, now) ?? this.#limited(request, now) ?? this.#grant(request, now);
  }

  settle({ scope, key, owner, result }: Settlement): boolean {
    const open = this.#open.get(key);
    if (open?.kind !== 'in_flight' || open.owner !== owner) return false;
    const now = this.#clock.now();
    const account = this.#account(scope);
    this.#open.delete(key);
    account.endProbe(owner, result.kind === 'answered', now);

    if (result.kind === 'answered') {
      if (!result.charged) account.release(open.reservation);
      if (!open.forgotten && result.ttlMs > 0)
        this.#keep(key, { answer: result.answer, expiresAt: now + result.ttlMs });
    } else if (result.kind === 'unbilled') {
      account.release(open.reservation);
      if (result.latch) account.close(result.latch.name, result.latch.ms, now);
      if (result.blockMs && !open.forgotten) this.#open.set(key, { kind: 'blocked', until: now + result.blockMs });
    } else if (!open.forgotten) {
      this.#open.set(key, { kind: 'in_doubt', doubtUntil: now + result.ttlMs });
    }
    return true;
  }

  forget({ keys, idKeys, mobileKeys }: ForgetRequest): number {
    const questions = new Set(keys);
    let erased = 0;
    for (const idKey of idKeys) {
      for (const question of this.#subjects.get(idKey)?.questions() ?? []) questions.add(question);
    }
    for (const subject of [...idKeys, ...mobileKeys]) erased += Number(this.#subjects.delete(subject));
    for (const question of questions) {
      erased += Number(this.#answers.delete(question));
      const open = this.#open.get(question);
      // A call under way still has to be accounted for; its answer will not be kept.
      if (open?.kind === 'in_flight') open.forgotten = true;
      else erased += Number(this.#open.delete(question));
    }
    return erased;
  }

  spent(scope: string): LedgerSpent {
    return this.#account(scope).spent(this.#clock.now());
  }

  latch(scope: string): LatchState | undefined {
    return this.#account(scope).latch(this.#clock.now());
  }

  reopen(scope: string): boolean {
    return this.#account(scope).reopen();
  }

  #freshAnswer({ keys, maxAgeMs = Infinity }: ClaimRequest, now: number): LedgerAnswer | undefined {
    for (const key of keys) {
      const kept = this.#answers.get(key);
      if (!kept) continue;
      if (now >= kept.expiresAt) {
        this.#answers.delete(key);
      } else if (now - kept.answer.answeredAt < maxAgeMs) {
        this.#keep(key, kept);
        return kept.answer;
      }
    }
    return undefined;
  }

  /** What an earlier claim of the same question has to say. */
  #heldBack({ keys, repeatInDoubt }: ClaimRequest, now: number): ClaimAnswer | undefined {
    for (const key of keys) {
      const open = this.#open.get(key);
      if (!open) continue;
      if (open.kind === 'in_flight' && now < open.leaseUntil) {
        return { verdict: 'in_flight', leaseMs: open.leaseUntil - now };
      }
      if (open.kind === 'blocked') {
        if (now < open.until) return { verdict: 'refused', reason: 'same_parameter', retryAfterMs: open.until - now };
      } else if (now < open.doubtUntil && !repeatInDoubt) {
        return { verdict: 'unknown', retryAfterMs: open.doubtUntil - now };
      }
      this.#open.delete(key);
    }
    return undefined;
  }

  #limited(request: ClaimRequest, now: number): ClaimAnswer | undefined {
    const account = this.#account(request.scope);
    const latched = account.latchedFor(now);
    if (latched > 0) return { verdict: 'refused', reason: 'latched', retryAfterMs: latched };

    const { subjectLimit, idKey, mobileKey, keys } = request;
    if (subjectLimit) {
      const { windowMs, perIdNumber, perMobile } = subjectLimit;
      const question = keys[0] ?? '';
      const byId = this.#subjects.get(idKey)?.waitFor(question, perIdNumber, windowMs, now) ?? 0;
      if (byId > 0) return { verdict: 'refused', reason: 'subject_id_number', retryAfterMs: byId };
      const byMobile = this.#subjects.get(mobileKey)?.waitFor(question, perMobile, windowMs, now) ?? 0;
      if (byMobile > 0) return { verdict: 'refused', reason: 'subject_mobile', retryAfterMs: byMobile };
    }
    const exhausted = account.exhausted(request.budget, now);
    if (exhausted) return { verdict: 'refused', ...exhausted };
    if (this.#open.size >= this.#maxEntries && !this.#sweepOpen(now)) {
      return { verdict: 'refused', reason: 'capacity', retryAfterMs: 1_000 };
    }
    return undefined;
  }

  #grant(request: ClaimRequest, now: number): ClaimAnswer {
    const account = this.#account(request.scope);
    const leaseUntil = now + request.leaseMs;
    const [key = ''] = request.keys;
    this.#open.set(key, {
      kind: 'in_flight',
      owner: request.owner,
      leaseUntil,
      doubtUntil: leaseUntil + request.doubtMs,
      reservation: account.reserve(now),
      forgotten: false,
    });
    const windowMs = request.subjectLimit?.windowMs ?? LINK_WINDOW_MS;
    for (const subject of [request.idKey, request.mobileKey]) this.#noteSubject(subject, key, windowMs, now);
    return {
      verdict: 'granted',
      probe: account.startProbe(request.owner, leaseUntil),
      spent: account.spent(now),
    };
  }

  #keep(key: string, kept: KeptAnswer): void {
    this.#answers.delete(key); // to the end: the map stays in the order of last use
    this.#answers.set(key, kept);
    if (this.#answers.size > this.#maxEntries) dropFirst(this.#answers);
  }

  #noteSubject(subject: string, question: string, windowMs: number, now: number): void {
    let window = this.#subjects.get(subject);
    if (window) this.#subjects.delete(subject);
    else window = new SubjectWindow();
    window.add(question, now);
    this.#subjects.set(subject, window);
    this.#dropEmptySubjects(windowMs, now);
    if (this.#subjects.size > 2 * this.#maxEntries) dropFirst(this.#subjects);
  }

  /** Looks at a few of the longest untouched, so that expired windows go without a timer. */
  #dropEmptySubjects(windowMs: number, now: number): void {
    let looks = 3;
    for (const [subject, window] of this.#subjects) {
      if (looks-- === 0 || !window.isEmpty(windowMs, now)) return;
      this.#subjects.delete(subject);
    }
  }

  #sweepOpen(now: number): boolean {
    for (const [key, open] of this.#open) {
      const until = open.kind === 'blocked' ? open.until : open.doubtUntil;
      if (now >= until) this.#open.delete(key);
    }
    return this.#open.size < this.#maxEntries;
  }

  #account(scope: string): ScopeAccount {
    let account = this.#accounts.get(scope);
    if (!account) this.#accounts.set(scope, (account = new ScopeAccount()));
    return account;
  }
}
