import { shanghaiDay, shanghaiMonth, type Clock } from '../support/clock.js';
import type { CallBudget, ClaimRefusal, LedgerSpent } from './ledger.port.js';
import { ScopeAccount, type Moment, type Reservation } from './scope.account.js';

/** The calls that a scope had spent when the store last said so. */
interface Known extends LedgerSpent {
  readonly day: number;
  readonly month: number;
  /** When the store said so, in monotonic milliseconds. */
  readonly at: number;
}

/** The reason why this process may not pay for a call while the store fails. */
export type ShareRefusal =
  /** The store has not said recently enough what is spent. */
  | 'unknown'
  /** The share of this instance is used up. */
  | 'share'
  /** The budget as a whole is used up. */
  | { readonly reason: ClaimRefusal; readonly retryAfterMs: number };

/** Age up to which a number of spent calls counts, at the moment when the store began to fail. */
const RECENT_MS = 15_000;

/**
 * Divides what is left of a budget between the instances, while no store counts their calls together. The share of one
 * is ⌊(budget − spent) ÷ instances⌋, where `spent` is what the store last said. Calls that this process made and has not
 * yet written to the store count against its share.
 */
export class SpendingShare {
  readonly #clock: Pick<Clock, 'now' | 'monotonic'>;
  readonly #instances: number;
  readonly #known = new Map<string, Known>();
  /** The calls of this process that the store does not count yet, by scope. */
  readonly #unwritten = new Map<string, ScopeAccount>();

  constructor(clock: Pick<Clock, 'now' | 'monotonic'>, instances: number) {
    this.#clock = clock;
    this.#instances = instances;
  }

  /** Takes over what the store counts. */
  learn(scope: string, { callsToday, callsThisMonth }: LedgerSpent): void {
    // Any application can supply the ledger. What is not a count would make the share endless.
    if (![callsToday, callsThisMonth].every((calls) => Number.isSafeInteger(calls) && calls >= 0)) return;
    const { now, elapsed } = this.#moment();
    const [day, month] = [shanghaiDay(now), shanghaiMonth(now)];
    this.#known.set(scope, { callsToday, callsThisMonth, day, month, at: elapsed });
  }

  /** The store refused a call because a budget is used up. It did not say how much of the other one is. */
  learnExhausted(scope: string, reason: 'budget_day' | 'budget_month', budget: CallBudget): void {
    const [known, store] = [this.#known.get(scope), this.#store(scope)];
    if (!known || !store) return;
    const { now } = this.#moment();
    const { callsPerDay = 0, callsPerMonth = 0 } = budget;
    const isDay = reason === 'budget_day';
    this.#known.set(scope, {
      callsToday: isDay ? Math.max(store.callsToday, callsPerDay) : store.callsToday,
      callsThisMonth: isDay ? store.callsThisMonth : Math.max(store.callsThisMonth, callsPerMonth),
      day: Math.max(known.day, shanghaiDay(now)),
      month: Math.max(known.month, shanghaiMonth(now)),
      at: known.at,
    });
  }

  /** When the store last said what is spent, in monotonic milliseconds. */
  learnedAt(scope: string): number {
    return this.#known.get(scope)?.at ?? -Infinity;
  }

  /** The calls of this process that the store does not count yet. */
  unwritten(scope: string): LedgerSpent {
    return this.#unwritten.get(scope)?.spent(this.#moment()) ?? { callsToday: 0, callsThisMonth: 0 };
  }

  /** What is spent, as far as this process knows; undefined if it does not. */
  spent(scope: string): LedgerSpent | undefined {
    const store = this.#store(scope);
    return store && sum(store, this.unwritten(scope));
  }

  /** Counts a call that the store does not count. */
  reserve(scope: string): Reservation {
    let account = this.#unwritten.get(scope);
    if (!account) this.#unwritten.set(scope, (account = new ScopeAccount()));
    return account.reserve(this.#moment());
  }

  /** The call was not paid for, or the store counts it now. */
  refund(scope: string, reservation: Reservation): void {
    this.#unwritten.get(scope)?.refund(reservation, this.#moment());
  }

  /** Whether the budgets in which a call was made are over. */
  isOver({ month }: Reservation): boolean {
    return shanghaiMonth(this.#clock.now()) > month;
  }

  /**
   * Returns the reason why this process may not pay for another call, if any.
   *
   * @param failingSince when the store began to fail, in monotonic milliseconds
   */
  refusal(scope: string, budget: CallBudget, failingSince: number): ShareRefusal | undefined {
    const { callsPerDay, callsPerMonth } = budget;
    if (callsPerDay === undefined && callsPerMonth === undefined) return undefined;
    const store = this.#store(scope);
    if (!store || failingSince - this.learnedAt(scope) > RECENT_MS) return 'unknown';
    const exhausted = new ScopeAccount().exhausted(
      { callsPerDay: left(callsPerDay, store.callsToday), callsPerMonth: left(callsPerMonth, store.callsThisMonth) },
      this.#moment(),
    );
    if (exhausted) return exhausted;
    const unwritten = this.unwritten(scope);
    const isWithin =
      unwritten.callsToday < this.#share(callsPerDay, store.callsToday) &&
      unwritten.callsThisMonth < this.#share(callsPerMonth, store.callsThisMonth);
    return isWithin ? undefined : 'share';
  }

  #share(limit: number | undefined, spent: number): number {
    return limit === undefined ? Infinity : Math.floor((limit - spent) / this.#instances);
  }

  /** What the store counts against the periods of this moment: nothing of a period that is over. */
  #store(scope: string): LedgerSpent | undefined {
    const known = this.#known.get(scope);
    if (!known) return undefined;
    const now = this.#clock.now();
    return {
      callsToday: known.day >= shanghaiDay(now) ? known.callsToday : 0,
      callsThisMonth: known.month >= shanghaiMonth(now) ? known.callsThisMonth : 0,
    };
  }

  #moment(): Moment {
    return { now: this.#clock.now(), elapsed: this.#clock.monotonic() };
  }
}

/** Adds two counts of calls. */
export function sum(one: LedgerSpent, other: LedgerSpent): LedgerSpent {
  return {
    callsToday: one.callsToday + other.callsToday,
    callsThisMonth: one.callsThisMonth + other.callsThisMonth,
  };
}

function left(limit: number | undefined, spent: number): number | undefined {
  return limit === undefined ? undefined : Math.max(0, limit - spent);
}
