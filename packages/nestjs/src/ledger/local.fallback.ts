import { randomUUID } from 'node:crypto';
import type { Outcome } from '@identity-verify/contract';
import type { Clock } from '../support/clock.js';
import { dropFirst } from '../support/drop-first.js';
import { grantOf, unavailable, type LedgerFront, type LedgerGate } from './ledger.gate.js';
import type {
  CallBudget,
  ClaimAnswer,
  ClaimRequest,
  ForgetRequest,
  Grant,
  LatchState,
  LedgerAnswer,
  LedgerSpent,
  Settlement,
} from './ledger.port.js';
import { ProcessMemory } from './process.memory.js';
import type { Reservation } from './scope.account.js';
import { SpendingShare, sum } from './spending.share.js';
import type { StoreBreaker } from './store.breaker.js';
import type { SubjectMark } from './subject.book.js';
import type { LocalEnds, Uncounted, Written } from './write.back.js';

/** The parts of {@link LocalFallback}. */
export interface LocalFallbackParts {
  readonly clock: Clock;
  readonly gate: LedgerGate;
  readonly breaker: StoreBreaker;
  /** Number of processes that share the store. */
  readonly instances: number;
  /** Maximum number of answers that are kept in this process, and of other questions. */
  readonly maxEntries: number;
  /** Shortest lifetime of an answer, in milliseconds. */
  readonly lifetimeOf: (outcome: Outcome) => number;
}

/**
 * A call of which the store has yet to be told: it was granted without the store, or its end could not be written.
 */
interface LocalCall {
  request: ClaimRequest;
  readonly scope: string;
  /** Undefined if the store granted the call. */
  readonly mark: SubjectMark | undefined;
  /** The call may have been paid for, and the store does not count it yet. */
  reservation: Reservation | undefined;
  /** The owner under which it is claimed afterwards, if the store has no intent of the first one. */
  readonly laterOwner: string;
  /** A claim was sent before, so the store may hold an intent of it. */
  readonly mayStand: boolean;
  /** The later claim was sent, so the store may hold an intent of it. */
  isClaimed: boolean;
  /** The person was erased, or the answer is over: only the call is left to count. */
  isReduced: boolean;
  /** In monotonic milliseconds. */
  endedAt: number | undefined;
}

/** How often the spent calls of a scope are asked for. */
const REFRESH_MS = 5_000;
/** Time for which the spent calls of a scope are asked for after its last question. */
const WATCHED_MS = 600_000;
const MOST_WATCHED = 100;
/** A limit that no question reaches, and that every store can compare. */
const NO_LIMIT = 1_000_000_000;

/**
 * Answers for a shared store while it is unavailable, from what this process knows: `onStoreFailure: 'local'`. Several
 * processes do so without each other, so each has a share of every budget, and each may pay once for a question.
 *
 * What was granted here is written to the store afterwards, by `WriteBack`.
 */
export class LocalFallback implements LedgerFront, LocalEnds {
  readonly #parts: LocalFallbackParts;
  readonly #memory: ProcessMemory;
  readonly #spending: SpendingShare;
  /** By owner. */
  readonly #calls = new Map<string, LocalCall>();
  /** The number of calls of each question that the store does not know of. */
  readonly #unknownToStore = new Map<string, number>();
  /** The last question of each scope that has a budget, in monotonic milliseconds. */
  readonly #watched = new Map<string, number>();
  #cancelTimer: (() => void) | undefined;
  #isStopped = false;

  constructor(parts: LocalFallbackParts) {
    this.#parts = parts;
    this.#memory = new ProcessMemory(parts);
    this.#spending = new SpendingShare(parts.clock, parts.instances);
  }

  /** Whether questions are answered without the store now. */
  get isLocal(): boolean {
    return this.#parts.breaker.state === 'unavailable';
  }

  /** Asks for the spent calls of a scope from now on, so that its budget is known before its first question. */
  start(scope: string, budget: CallBudget): void {
    this.#watch(scope, budget);
    if (this.#watched.has(scope)) void this.spent(scope).catch(() => undefined);
  }

  peek(keys: readonly string[], maxAgeMs: number | undefined): LedgerAnswer | undefined {
    return this.#parts.gate.peek(keys, maxAgeMs);
  }

  /** Claims a question in the store, and in this process if the store is unavailable. */
  async claim(request: ClaimRequest, waitMs = Infinity, unreleased?: () => void): Promise<ClaimAnswer> {
    const { gate } = this.#parts;
    const { scope, budget, keys } = request;
    this.#watch(scope, budget);
    // The store may not know yet what this process has asked without it.
    const asked = keys.some((key) => this.#unknownToStore.has(key)) ? this.#memory.peek(request) : undefined;
    if (asked) return asked;

    const stand = { isSent: false, isLeftOver: false, decided: 'nothing' as 'nothing' | 'local' | 'refused' };
    const hooks = {
      onSent: () => void (stand.isSent = true),
      onLeftOver: () => {
        stand.isLeftOver = true;
        // A call that this process makes itself is written under that grant.
        if (stand.decided === 'refused') gate.giveBack(grantOf(request), unreleased);
      },
    };
    try {
      const unwritten = this.#spending.unwritten(scope);
      const answer = await gate.claim({ ...request, budget: less(budget, unwritten) }, waitMs, unreleased, hooks);
      return this.#learned(request, answer, unwritten);
    } catch (error) {
      try {
        if (!this.isLocal) throw error;
        const answer = this.#claimHere(request, stand.isSent);
        if (answer.verdict === 'granted') stand.decided = 'local';
        return answer;
      } finally {
        if (stand.decided === 'nothing') {
          stand.decided = 'refused';
          if (stand.isLeftOver) gate.giveBack(grantOf(request), unreleased);
        }
      }
    }
  }

  /** Writes the end of a call. That of a call which the store does not know of is refused while the store is away. */
  async settle(settlement: Settlement): Promise<boolean> {
    this.#memory.settle(settlement);
    const call = this.#calls.get(settlement.owner);
    if (!call) return this.#parts.gate.settle(settlement);
    this.#ended(call, settlement);
    if (!call.mayStand && !isWorthWriting(settlement)) {
      this.#finish(settlement.owner, call);
      return true;
    }
    if (this.isLocal || (await this.#carry(settlement, call)) === 'later') throw unavailable();
    return true;
  }

  async release(grant: Grant): Promise<boolean> {
    this.#memory.release(grant);
    const call = this.#calls.get(grant.owner);
    if (!call) return this.#parts.gate.release(grant);
    if (call.mark && call.endedAt === undefined) this.#memory.unmark(call.mark);
    call.endedAt ??= this.#parts.clock.monotonic();
    this.#uncharge(call);
    if (!call.mayStand) this.#finish(grant.owner, call);
    else {
      await this.#parts.gate.release(grant);
      this.#finish(grant.owner, call);
    }
    return true;
  }

  /** Writes what was kept, as {@link settle} does, and in every state of the store. */
  async writeLate(settlement: Settlement): Promise<Written> {
    const call = this.#calls.get(settlement.owner);
    return call ? this.#carry(settlement, call) : this.#parts.gate.settle(settlement);
  }

  /** Erases a person from this process first, and then from the store. */
  async forget(request: ForgetRequest): Promise<number> {
    const here = this.#memory.forget(request);
    const named = new Set([...request.keys, ...request.idKeys, ...request.mobileKeys]);
    for (const call of this.#calls.values()) {
      const { scope, keys, idKeys, mobileKeys } = call.request;
      if (scope === request.scope && [...keys, ...idKeys, ...mobileKeys].some((key) => named.has(key)))
        this.#reduce(call);
    }
    return Math.max(here, await this.#parts.gate.forget(request));
  }

  /** The calls that the store counts, and those of this process that it does not count yet. */
  async spent(scope: string): Promise<LedgerSpent> {
    try {
      const spent = await this.#parts.gate.spent(scope);
      this.#spending.learn(scope, spent);
      return sum(spent, this.#spending.unwritten(scope));
    } catch (error) {
      const known = this.isLocal ? this.#spending.spent(scope) : undefined;
      if (!known) throw error;
      return known;
    }
  }

  async latch(scope: string): Promise<LatchState | undefined> {
    try {
      return await this.#parts.gate.latch(scope);
    } catch (error) {
      if (!this.isLocal) throw error;
      return this.#memory.latch(scope);
    }
  }

  async reopen(scope: string): Promise<boolean> {
    const here = this.#memory.reopen(scope);
    return (await this.#parts.gate.reopen(scope)) || here;
  }

  scopes(): Promise<readonly string[]> {
    return this.#parts.gate.scopes();
  }

  scopesInMemory(): Iterable<string> {
    return this.#memory.scopes();
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }

  /** Why a new question of the scope would be refused now, while the store is unavailable. */
  refusing(scope: string, budget: CallBudget): 'ledger_unavailable' | 'budget_exhausted' | undefined {
    const refusal = this.#spending.refusal(scope, budget, this.#failingSince);
    if (refusal === undefined) return undefined;
    return refusal === 'unknown' ? 'ledger_unavailable' : 'budget_exhausted';
  }

  adopt(request: ClaimRequest, end: Settlement | Grant): number | undefined {
    if (!('result' in end)) return undefined;
    const { result } = end;
    let call = this.#calls.get(end.owner);
    if (!call) {
      if (result.kind === 'unbilled') return undefined;
      // Granted by the store, which counts it. The answer may outlive the intent.
      call = { ...newCall(request, true), endedAt: this.#parts.clock.monotonic() };
      this.#calls.set(end.owner, call);
      this.#known(call, 1);
    }
    const ms = result.kind === 'unbilled' ? Math.max(result.blockMs ?? 0, result.latch?.ms ?? 0) : result.ttlMs;
    // The store may hold an intent of the call, for as long as it does of any other.
    return call.mayStand ? Math.max(ms, call.request.leaseMs + call.request.doubtMs) : ms;
  }

  uncounted(owner: string, erased: boolean): Uncounted | undefined {
    const call = this.#calls.get(owner);
    if (!call || (erased && !call.isReduced)) return undefined;
    this.#reduce(call);
    if (!erased && !call.reservation) {
      this.#finish(owner, call);
      return undefined;
    }
    const { request, scope } = call;
    const [key = ''] = request.keys;
    return { request, end: { scope, key, owner, result: { kind: 'in_doubt', ttlMs: 1 } } };
  }

  givenUp(owner: string): void {
    const call = this.#calls.get(owner);
    if (!call) return;
    this.#known(call, -1);
    this.#calls.delete(owner); // its reservation stays: it counts against the share of this process
  }

  get #failingSince(): number {
    return this.#parts.breaker.failingSince ?? this.#parts.clock.monotonic();
  }

  #learned(request: ClaimRequest, answer: ClaimAnswer, unwritten: LedgerSpent): ClaimAnswer {
    this.#memory.learn(request, answer);
    const { scope, budget } = request;
    if (answer.verdict === 'refused' && (answer.reason === 'budget_day' || answer.reason === 'budget_month'))
      this.#spending.learnExhausted(scope, answer.reason, less(budget, unwritten));
    if (answer.verdict !== 'granted' || !answer.spent) return answer;
    this.#spending.learn(scope, answer.spent);
    return { ...answer, spent: sum(answer.spent, unwritten) };
  }

  /** Claims a question without the store. */
  #claimHere(request: ClaimRequest, mayStand: boolean): ClaimAnswer {
    const { scope, budget, owner } = request;
    const answer = this.#memory.claim(request);
    if (answer.verdict !== 'granted') return answer;
    const refusal = this.#spending.refusal(scope, budget, this.#failingSince);
    if (refusal) {
      this.#memory.release(grantOf(request));
      if (typeof refusal === 'object') return { verdict: 'refused', ...refusal };
      throw unavailable(DETAIL_OF[refusal], this.#parts.breaker.retryAfterMs);
    }
    const call = {
      ...newCall(request, mayStand),
      mark: this.#memory.mark(request),
      reservation: this.#spending.reserve(scope),
    };
    this.#calls.set(owner, call);
    this.#known(call, 1);
    const spent = this.#spending.spent(scope);
    return { verdict: 'granted', probe: answer.probe, ...(spent && { spent }) };
  }

  #ended(call: LocalCall, { result }: Settlement): void {
    call.endedAt ??= this.#parts.clock.monotonic();
    if (result.kind === 'unbilled' || (result.kind === 'answered' && !result.charged)) this.#uncharge(call);
  }

  /** Tells the store of a call that it did not grant. */
  async #carry(settlement: Settlement, call: LocalCall): Promise<Written> {
    const { gate } = this.#parts;
    const { owner } = settlement;
    if (call.mayStand && (await gate.settle(call.isReduced ? erased(settlement) : settlement))) {
      this.#finish(owner, call);
      return true;
    }
    if (!isWorthWriting(settlement)) {
      this.#finish(owner, call);
      return true;
    }
    const later = { ...this.#aged(settlement, call), owner: call.laterOwner };
    if (call.isReduced || isOver(later)) return this.#count(owner, call);
    if (call.isClaimed && (await gate.settle(later))) {
      this.#finish(owner, call);
      return true;
    }
    if (call.isReduced) return this.#count(owner, call);
    call.isClaimed = true;
    const answer = await gate.claim(laterClaim(call), Infinity, undefined, { onLeftOver: () => undefined });
    if (answer.verdict === 'granted') {
      if (answer.probe) {
        await gate.release(later); // only a call that is made now can show that the account works again
        return 'later';
      }
      if (answer.spent) this.#spending.learn(call.scope, answer.spent);
      if (!(await gate.settle(call.isReduced ? erased(later) : later))) return 'later';
      this.#finish(owner, call);
      return true;
    }
    if (answer.verdict === 'in_flight' || answer.verdict === 'unknown') return 'later';
    if (answer.verdict === 'refused' && (answer.reason === 'latched' || answer.reason === 'capacity')) {
      if (call.reservation) return 'later';
      this.#finish(owner, call);
      return false;
    }
    if (answer.verdict === 'hit' && isSame(answer.answer, settlement)) {
      this.#finish(owner, call); // written by an earlier try, whose reply was lost
      return true;
    }
    return this.#count(owner, call); // the store has an answer or a block of its own
  }

  /** Adds a call to the store's counters under a key that names no question. */
  async #count(owner: string, call: LocalCall): Promise<Written> {
    const { gate } = this.#parts;
    if (call.reservation && !this.#spending.isOver(call.reservation)) {
      const claim = { ...laterClaim(call), ...NOBODY, keys: [`uncounted.${owner}`], doubtMs: 1 };
      const answer = await gate.claim(claim, Infinity, undefined, { onLeftOver: () => undefined });
      if (answer.verdict === 'refused') return 'later';
      if (answer.verdict === 'granted') {
        if (answer.probe) {
          await gate.release(grantOf(claim));
          return 'later';
        }
        if (answer.spent) this.#spending.learn(call.scope, answer.spent);
        // The call is counted already. This removes the intent, which otherwise ends with its lease.
        try {
          await gate.settle({ ...grantOf(claim), result: { kind: 'in_doubt', ttlMs: 1 } });
        } catch {
          // The store failed again.
        }
      }
      // Any other answer says that an earlier try has counted it.
    }
    this.#finish(owner, call);
    return 'counted';
  }

  /** What is left of a result's lifetimes. */
  #aged(settlement: Settlement, { endedAt, reservation }: LocalCall): Settlement {
    const { result } = settlement;
    const ageMs = this.#parts.clock.monotonic() - (endedAt ?? Infinity);
    const rest = (ms: number) => Math.max(0, Math.floor(ms - ageMs));
    if (result.kind === 'answered') {
      // The claim that writes it reserves a call, which is one too many if the store counts this one already.
      const charged = reservation !== undefined && !this.#spending.isOver(reservation);
      return { ...settlement, result: { ...result, ttlMs: rest(result.ttlMs), charged } };
    }
    if (result.kind === 'in_doubt') return { ...settlement, result: { kind: 'in_doubt', ttlMs: rest(result.ttlMs) } };
    const { blockMs, latch, ...others } = result;
    const [blockedMs, latchedMs] = [rest(blockMs ?? 0), rest(latch?.ms ?? 0)];
    return {
      ...settlement,
      result: {
        ...others,
        ...(blockedMs > 0 && { blockMs: blockedMs }),
        ...(latch && latchedMs > 0 && { latch: { ...latch, ms: latchedMs } }),
      },
    };
  }

  /** The store knows all that there is to know of it. */
  #finish(owner: string, call: LocalCall): void {
    if (this.#calls.get(owner) !== call) return;
    this.#uncharge(call);
    this.#known(call, -1);
    this.#calls.delete(owner);
  }

  #uncharge(call: LocalCall): void {
    if (call.reservation) this.#spending.refund(call.scope, call.reservation);
    call.reservation = undefined;
  }

  /** Removes what names the question and the person. */
  #reduce(call: LocalCall): void {
    if (call.isReduced) return;
    this.#known(call, -1);
    call.isReduced = true;
    call.request = { ...call.request, ...NOBODY, keys: [`uncounted.${call.request.owner}`] };
  }

  #known({ request, isReduced }: LocalCall, by: 1 | -1): void {
    if (isReduced) return;
    for (const key of request.keys) {
      const count = (this.#unknownToStore.get(key) ?? 0) + by;
      if (count > 0) this.#unknownToStore.set(key, count);
      else this.#unknownToStore.delete(key);
    }
  }

  /** Keeps the spent calls of a scope known while it is used. */
  #watch(scope: string, { callsPerDay, callsPerMonth }: CallBudget): void {
    if (callsPerDay === undefined && callsPerMonth === undefined) return;
    this.#watched.delete(scope);
    this.#watched.set(scope, this.#parts.clock.monotonic());
    if (this.#watched.size > MOST_WATCHED) dropFirst(this.#watched);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#cancelTimer || this.#isStopped || this.#watched.size === 0) return;
    this.#cancelTimer = this.#parts.clock.schedule(() => void this.#refresh(), REFRESH_MS, true);
  }

  async #refresh(): Promise<void> {
    const { clock, gate } = this.#parts;
    for (const [scope, usedAt] of Array.from(this.#watched)) {
      if (this.#isStopped) return;
      const now = clock.monotonic();
      if (now - usedAt > WATCHED_MS) this.#watched.delete(scope);
      else {
        try {
          this.#spending.learn(scope, await gate.spent(scope));
        } catch {
          break; // the store fails, and the breaker knows
        }
      }
    }
    this.#cancelTimer = undefined;
    this.#schedule();
  }
}

const DETAIL_OF = {
  unknown: 'the calls that are spent are not known without the store',
  share: 'the share of this instance in the budget is used up',
} as const;

function newCall(request: ClaimRequest, mayStand: boolean): LocalCall {
  return {
    request,
    scope: request.scope,
    mark: undefined,
    reservation: undefined,
    laterOwner: randomUUID(),
    mayStand,
    isClaimed: false,
    isReduced: false,
    endedAt: undefined,
  };
}

/** The parts of a claim that name a person, without one. */
const NOBODY = { idKeys: [], mobileKeys: [], subjectLimit: undefined } as const;

/** Makes the claim under which a call is written that was already made: no limit can refuse it any more. */
function laterClaim({ request, laterOwner }: LocalCall): ClaimRequest {
  const { subjectLimit } = request;
  return {
    ...request,
    owner: laterOwner,
    maxAgeMs: undefined,
    repeatInDoubt: true,
    budget: {},
    subjectLimit: subjectLimit && { ...subjectLimit, perIdNumber: NO_LIMIT, perMobile: NO_LIMIT },
  };
}

/** Whether a store that never heard of the call has to hear of its end. */
function isWorthWriting({ result }: Settlement): boolean {
  return result.kind !== 'unbilled' || result.latch !== undefined || (result.blockMs ?? 0) > 0;
}

/**
 * Whether the store's answer is the one of this call. An answer without an id of its own is not: another process may have
 * got an equal one in the same millisecond, and a call that is counted twice is better than one that is not.
 */
function isSame(kept: LedgerAnswer, { result }: Settlement): boolean {
  if (result.kind !== 'answered') return false;
  const { answer } = result;
  if (answer.seqNo === undefined && answer.requestId === undefined) return false;
  return (['outcome', 'code', 'seqNo', 'requestId', 'answeredAt'] as const).every(
    (name) => kept[name] === answer[name],
  );
}

/** Whether nothing of an end is to be kept any more. */
function isOver({ result }: Settlement): boolean {
  return result.kind === 'unbilled' ? result.blockMs === undefined && result.latch === undefined : result.ttlMs <= 0;
}

/** The same end, of which nothing is kept. */
function erased(settlement: Settlement): Settlement {
  const { result } = settlement;
  if (result.kind === 'answered') return { ...settlement, result: { ...result, ttlMs: 0 } };
  if (result.kind === 'in_doubt') return { ...settlement, result: { kind: 'in_doubt', ttlMs: 1 } };
  const { blockMs: _block, ...others } = result;
  return { ...settlement, result: others };
}

/** A budget less the calls that the store does not count yet. */
function less({ callsPerDay, callsPerMonth }: CallBudget, { callsToday, callsThisMonth }: LedgerSpent): CallBudget {
  return {
    ...(callsPerDay !== undefined && { callsPerDay: Math.max(0, callsPerDay - callsToday) }),
    ...(callsPerMonth !== undefined && { callsPerMonth: Math.max(0, callsPerMonth - callsThisMonth) }),
  };
}
