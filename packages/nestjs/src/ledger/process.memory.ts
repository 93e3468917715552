import type { Outcome } from '@identity-verify/contract';
import type { Clock } from '../support/clock.js';
import { dropFirst } from '../support/drop-first.js';
import { grantOf } from './ledger.gate.js';
import type {
  ClaimAnswer,
  ClaimRefusal,
  ClaimRequest,
  ForgetRequest,
  Grant,
  LatchState,
  Settlement,
} from './ledger.port.js';
import { MemoryLedger } from './memory.ledger.js';
import { SubjectBook, type SubjectMark } from './subject.book.js';

/** A question that the store held back, because of another process or of a limit. Times are monotonic milliseconds. */
type Held =
  | { readonly kind: 'in_flight'; readonly leaseUntil: number; readonly until: number }
  | { readonly kind: 'unknown'; readonly until: number }
  | { readonly kind: 'refused'; readonly reason: ClaimRefusal; readonly until: number };

/** The parts of {@link ProcessMemory}. */
export interface ProcessMemoryParts {
  readonly clock: Pick<Clock, 'now' | 'monotonic'>;
  /** Number of processes that share the store. */
  readonly instances: number;
  /** Maximum number of answers, and of other questions. */
  readonly maxEntries: number;
  /** Shortest lifetime of an answer, in milliseconds. */
  readonly lifetimeOf: (outcome: Outcome) => number;
}

/** A limit that no question reaches, and that every store can compare. */
const NO_LIMIT = 1_000_000_000;

/**
 * What this process knows of a shared store: a copy of the grants it got, of their ends, and of everything that the store
 * refused or answered. Its claims are the store's for what this process knows. Without a budget: see `SpendingShare`.
 */
export class ProcessMemory {
  readonly #parts: ProcessMemoryParts;
  readonly #ledger: MemoryLedger;
  /** What the store held back, by the key of a question or a subject, or by `latch` and the scope. */
  readonly #held = new Map<string, Held>();
  /** Until then, something that was held back may have been dropped, because there were too many. */
  #droppedUntil = -Infinity;
  /** The questions that were asked without the store. */
  readonly #alone: SubjectBook;

  constructor(parts: ProcessMemoryParts) {
    this.#parts = parts;
    const { clock, maxEntries } = parts;
    this.#ledger = new MemoryLedger({ clock, maxEntries });
    this.#alone = new SubjectBook(2 * maxEntries + 2, () => false);
  }

  /** Takes over what the store answered to a claim. */
  learn(request: ClaimRequest, answer: ClaimAnswer): void {
    const { scope, keys, idKeys, mobileKeys } = request;
    const elapsed = this.#parts.clock.monotonic();
    const [key = '', id = '', mobile = ''] = [keys[0], idKeys[0], mobileKeys[0]];
    switch (answer.verdict) {
      case 'hit': {
        this.#release(keys);
        const ageMs = Math.max(0, this.#parts.clock.now() - answer.answer.answeredAt);
        this.#ledger.remember(request, answer.answer, ageMs, this.#parts.lifetimeOf(answer.answer.outcome) - ageMs);
        return;
      }
      case 'granted':
        this.#release([...keys, ...idKeys, ...mobileKeys, latchOf(scope)]);
        return this.#copy(request, elapsed);
      case 'in_flight': {
        const leaseUntil = elapsed + answer.leaseMs;
        return this.#hold(key, { kind: 'in_flight', leaseUntil, until: leaseUntil + request.doubtMs });
      }
      case 'unknown':
        return this.#hold(key, { kind: 'unknown', until: elapsed + answer.retryAfterMs });
      case 'refused': {
        const { reason, retryAfterMs } = answer;
        const held = { kind: 'refused', reason, until: elapsed + retryAfterMs } as const;
        if (reason === 'same_parameter') this.#hold(key, held);
        else if (reason === 'subject_id_number') this.#hold(id, held);
        else if (reason === 'subject_mobile') this.#hold(mobile, held);
        else if (reason === 'latched') this.#hold(latchOf(scope), held);
      }
    }
  }

  /** Claims a question without the store. {@link MemoryLedger.claim}, without a budget. */
  claim(request: ClaimRequest): ClaimAnswer {
    const known = this.#known(request);
    if (known) return known;
    const answer = this.#ledger.claim({ ...request, budget: {} });
    if (answer.verdict !== 'granted') return answer;
    const refused = this.#beyondShare(request);
    if (!refused) return answer;
    this.#ledger.release(grantOf(request));
    return refused;
  }

  /** Returns what this process knows of a question, and undefined if it would be granted. */
  peek(request: ClaimRequest): ClaimAnswer | undefined {
    const answer = this.#ledger.claim({ ...request, budget: {}, subjectLimit: undefined });
    if (answer.verdict !== 'granted') return answer.verdict === 'refused' ? undefined : answer;
    this.#ledger.release(grantOf(request));
    return undefined;
  }

  /** Counts a question against its subjects that was granted without the store. */
  mark(request: ClaimRequest): SubjectMark {
    return this.#alone.mark(request, request.subjectLimit?.windowMs, this.#parts.clock.monotonic());
  }

  unmark(mark: SubjectMark): void {
    this.#alone.unmark(mark);
  }

  settle(settlement: Settlement): void {
    const { key } = settlement;
    if (!this.#ledger.settle(settlement)) return;
    const held = this.#held.get(key);
    // Another call of the question, which the store has granted since, is still under way.
    if (held?.kind === 'in_flight' && this.#parts.clock.monotonic() < held.leaseUntil) return;
    this.#held.delete(key);
  }

  release(grant: Grant): void {
    this.#ledger.release(grant);
  }

  forget(request: ForgetRequest): number {
    const { keys, idKeys, mobileKeys } = request;
    const { questions } = this.#alone.forget([...idKeys, ...mobileKeys]);
    const all = [...new Set([...keys, ...questions])];
    this.#release([...all, ...idKeys, ...mobileKeys]);
    return this.#ledger.forget({ ...request, keys: all });
  }

  latch(scope: string): LatchState | undefined {
    return this.#ledger.latch(scope);
  }

  reopen(scope: string): boolean {
    const wasHeld = this.#held.delete(latchOf(scope));
    return this.#ledger.reopen(scope) || wasHeld;
  }

  scopes(): readonly string[] {
    return this.#ledger.scopes();
  }

  /** Writes down a grant of the store. It overrules what this process knew. */
  #copy(request: ClaimRequest, elapsed: number): void {
    this.#ledger.reopen(request.scope);
    const copied = {
      ...request,
      maxAgeMs: 0,
      repeatInDoubt: true,
      budget: {},
      subjectLimit: request.subjectLimit && { ...request.subjectLimit, perIdNumber: NO_LIMIT, perMobile: NO_LIMIT },
    };
    if (this.#ledger.claim(copied).verdict === 'granted') return;
    this.#ledger.forget({ scope: request.scope, keys: request.keys, idKeys: [], mobileKeys: [] });
    if (this.#ledger.claim(copied).verdict === 'granted') return;
    // There is no room, or an earlier call is still under way here: not asked without the store.
    const leaseUntil = elapsed + request.leaseMs;
    this.#hold(request.keys[0] ?? '', { kind: 'in_flight', leaseUntil, until: leaseUntil + request.doubtMs });
  }

  /** A fresh answer, or what the store held back. */
  #known({ scope, keys, idKeys, mobileKeys, maxAgeMs, repeatInDoubt, subjectLimit }: ClaimRequest) {
    const answer = this.#ledger.peek(keys, maxAgeMs);
    if (answer) return { verdict: 'hit', answer } as const;
    const elapsed = this.#parts.clock.monotonic();
    for (const key of [...keys, latchOf(scope), ...(subjectLimit ? [...idKeys, ...mobileKeys] : [])]) {
      const held = this.#held.get(key);
      const verdict = held && verdictOf(held, elapsed, repeatInDoubt);
      if (verdict) return verdict;
    }
    return elapsed < this.#droppedUntil ? noRoom(this.#droppedUntil - elapsed) : undefined;
  }

  /**
   * Divides a subject limit between the instances, because the questions of the others are not known. At least one
   * question is allowed, or a limit below the number of instances would refuse every one.
   */
  #beyondShare(request: ClaimRequest): ClaimAnswer | undefined {
    const { subjectLimit, keys, idKeys, mobileKeys } = request;
    const elapsed = this.#parts.clock.monotonic();
    if (!this.#alone.hasRoomFor(request, elapsed)) return noRoom(1_000);
    if (!subjectLimit) return undefined;
    const { perIdNumber, perMobile, windowMs } = subjectLimit;
    const share = (limit: number) => Math.max(1, Math.floor(limit / this.#parts.instances));
    const byId = this.#alone.waitFor(idKeys, keys, share(perIdNumber), windowMs, elapsed);
    if (byId > 0) return { verdict: 'refused', reason: 'subject_id_number', retryAfterMs: byId };
    const byMobile = this.#alone.waitFor(mobileKeys, keys, share(perMobile), windowMs, elapsed);
    return byMobile > 0 ? { verdict: 'refused', reason: 'subject_mobile', retryAfterMs: byMobile } : undefined;
  }

  #hold(key: string, held: Held): void {
    this.#held.delete(key);
    this.#held.set(key, held);
    if (this.#held.size <= this.#parts.maxEntries) return;
    for (const oldest of this.#held.values()) {
      // What is not known may be under way elsewhere.
      if (this.#parts.clock.monotonic() < oldest.until) this.#droppedUntil = Math.max(this.#droppedUntil, oldest.until);
      break;
    }
    dropFirst(this.#held);
  }

  #release(keys: readonly string[]): void {
    for (const key of keys) this.#held.delete(key);
  }
}

function verdictOf(held: Held, elapsed: number, repeatInDoubt: boolean): ClaimAnswer | undefined {
  if (elapsed >= held.until) return undefined;
  if (held.kind === 'refused') return { verdict: 'refused', reason: held.reason, retryAfterMs: held.until - elapsed };
  if (held.kind === 'in_flight' && elapsed < held.leaseUntil)
    return { verdict: 'in_flight', leaseMs: held.leaseUntil - elapsed };
  return repeatInDoubt ? undefined : { verdict: 'unknown', retryAfterMs: held.until - elapsed };
}

function noRoom(retryAfterMs: number): ClaimAnswer {
  return { verdict: 'refused', reason: 'capacity', retryAfterMs };
}

/** No key of a question or of a subject begins like this. */
function latchOf(scope: string): string {
  return `latch ${scope}`;
}
