import type { Outcome } from '@identity-verify/contract';
import type { Clock } from '../support/clock.js';
import { unavailable } from './ledger.errors.js';
import { grantOf, type LedgerFront, type LedgerGate } from './ledger.gate.js';
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
import { isWorthWriting, newCall, type LocalCall } from './local.call.js';
import { LocalCalls } from './local.calls.js';
import { LocalWriter } from './local.writer.js';
import { ProcessMemory } from './process.memory.js';
import { SpendingShare, sum } from './spending.share.js';
import { SpendingWatch } from './spending.watch.js';
import type { StoreBreaker } from './store.breaker.js';
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
 * Answers for a shared store while it is unavailable, from what this process knows: `onStoreFailure: 'local'`. Several
 * processes do so without each other, so each has a share of every budget, and each may pay once for a question.
 *
 * What was granted here is written to the store afterwards, by `WriteBack`.
 */
export class LocalFallback implements LedgerFront, LocalEnds {
  readonly #parts: LocalFallbackParts;
  readonly #memory: ProcessMemory;
  readonly #spending: SpendingShare;
  readonly #watch: SpendingWatch;
  readonly #calls: LocalCalls;
  readonly #writer: LocalWriter;

  constructor(parts: LocalFallbackParts) {
    this.#parts = parts;
    this.#memory = new ProcessMemory(parts);
    const { clock, gate, instances } = parts;
    const spending = new SpendingShare(clock, instances);
    this.#spending = spending;
    this.#watch = new SpendingWatch(clock, async (scope) => spending.learn(scope, await gate.spent(scope)));
    this.#calls = new LocalCalls(spending);
    this.#writer = new LocalWriter({ clock, gate, spending, calls: this.#calls });
  }

  /** Whether questions are answered without the store now. */
  get isLocal(): boolean {
    return this.#parts.breaker.state === 'unavailable';
  }

  /** Asks for the spent calls of a scope from now on, so that its budget is known before its first question. */
  start(scope: string, budget: CallBudget): void {
    if (this.#watch.watch(scope, budget)) void this.spent(scope).catch(() => undefined);
  }

  peek(keys: readonly string[], maxAgeMs: number | undefined): LedgerAnswer | undefined {
    return this.#parts.gate.peek(keys, maxAgeMs);
  }

  /** Claims a question in the store, and in this process if the store is unavailable. */
  async claim(request: ClaimRequest, waitMs = Infinity, unreleased?: () => void): Promise<ClaimAnswer> {
    const { gate } = this.#parts;
    const { scope, budget, keys } = request;
    this.#watch.watch(scope, budget);
    // The store may not know yet what this process has asked without it.
    const asked = this.#calls.hasAsked(keys) ? this.#memory.peek(request) : undefined;
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
      this.#calls.finish(settlement.owner, call);
      return true;
    }
    if (this.isLocal || (await this.#writer.write(settlement, call)) === 'later') throw unavailable();
    return true;
  }

  async release(grant: Grant): Promise<boolean> {
    this.#memory.release(grant);
    const call = this.#calls.get(grant.owner);
    if (!call) return this.#parts.gate.release(grant);
    if (call.mark && call.endedAt === undefined) this.#memory.unmark(call.mark);
    call.endedAt ??= this.#parts.clock.monotonic();
    this.#calls.uncharge(call);
    if (call.mayStand) await this.#parts.gate.release(grant);
    this.#calls.finish(grant.owner, call);
    return true;
  }

  /** Writes what was kept, as {@link settle} does, and in every state of the store. */
  async writeLate(settlement: Settlement): Promise<Written> {
    const call = this.#calls.get(settlement.owner);
    return call ? this.#writer.write(settlement, call) : this.#parts.gate.settle(settlement);
  }

  /** Erases a person from this process first, and then from the store. */
  async forget(request: ForgetRequest): Promise<number> {
    const here = this.#memory.forget(request);
    this.#calls.forget(request);
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
    this.#watch.stop();
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
      call = this.#calls.add(newCall(request, true, { endedAt: this.#parts.clock.monotonic() }));
    }
    const ms = result.kind === 'unbilled' ? Math.max(result.blockMs ?? 0, result.latch?.ms ?? 0) : result.ttlMs;
    // The store may hold an intent of the call, for as long as it does of any other.
    return call.mayStand ? Math.max(ms, call.request.leaseMs + call.request.doubtMs) : ms;
  }

  uncounted(owner: string, erased: boolean): Uncounted | undefined {
    const call = this.#calls.get(owner);
    if (!call || (erased && !call.isReduced)) return undefined;
    this.#calls.reduce(call);
    if (!erased && !call.reservation) {
      this.#calls.finish(owner, call);
      return undefined;
    }
    const { request, scope } = call;
    const [key = ''] = request.keys;
    return { request, end: { scope, key, owner, result: { kind: 'in_doubt', ttlMs: 1 } } };
  }

  givenUp(owner: string): void {
    this.#calls.giveUp(owner);
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
    const { scope, budget } = request;
    const answer = this.#memory.claim(request);
    if (answer.verdict !== 'granted') return answer;
    const refusal = this.#spending.refusal(scope, budget, this.#failingSince);
    if (refusal) {
      this.#memory.release(grantOf(request));
      if (typeof refusal === 'object') return { verdict: 'refused', ...refusal };
      throw unavailable(DETAIL_OF[refusal], this.#parts.breaker.retryAfterMs);
    }
    const [mark, reservation] = [this.#memory.mark(request), this.#spending.reserve(scope)];
    this.#calls.add(newCall(request, mayStand, { mark, reservation }));
    const spent = this.#spending.spent(scope);
    return { verdict: 'granted', probe: answer.probe, ...(spent && { spent }) };
  }

  #ended(call: LocalCall, { result }: Settlement): void {
    call.endedAt ??= this.#parts.clock.monotonic();
    if (result.kind === 'unbilled' || (result.kind === 'answered' && !result.charged)) this.#calls.uncharge(call);
  }
}

const DETAIL_OF = {
  unknown: 'the calls that are spent are not known without the store',
  share: 'the share of this instance in the budget is used up',
} as const;

/** A budget less the calls that the store does not count yet. */
function less({ callsPerDay, callsPerMonth }: CallBudget, { callsToday, callsThisMonth }: LedgerSpent): CallBudget {
  return {
    ...(callsPerDay !== undefined && { callsPerDay: Math.max(0, callsPerDay - callsToday) }),
    ...(callsPerMonth !== undefined && { callsPerMonth: Math.max(0, callsPerMonth - callsThisMonth) }),
  };
}
