import type { LatchName } from '../errors/consequences.data.js';
import { msToNextShanghaiDay, msToNextShanghaiMonth, shanghaiDay, shanghaiMonth } from '../support/clock.js';
import type { CallBudget, ClaimRefusal, LatchState, LedgerSpent } from './ledger.port.js';
import { PeriodCounter } from './period.counter.js';

/** One moment by both clocks, in milliseconds. */
export interface Moment {
  /** Calendar time, for budgets. */
  readonly now: number;
  /** Monotonic time, for everything else. */
  readonly elapsed: number;
}

/** The periods in which a call was reserved. A refund goes to the same periods. */
export interface Reservation {
  readonly day: number;
  readonly month: number;
}

/**
 * The result of a latch's probe: an answer reopens the latch, a failure closes it again, and `unasked` leaves the probe
 * to the next claim.
 */
export type ProbeEnd = 'answered' | 'failed' | 'unasked';

interface Latch {
  readonly name: LatchName;
  readonly ms: number;
  readonly until: number;
  probe?: { readonly owner: string; readonly until: number };
}

const DAY_MS = 86_400_000;

/** The budget and the latch of one scope. */
export class ScopeAccount {
  readonly #days = new PeriodCounter(DAY_MS);
  readonly #months = new PeriodCounter(31 * DAY_MS);
  #latch: Latch | undefined;

  /** Returns the reason why the budget allows no further call now, if any. */
  exhausted(budget: CallBudget, moment: Moment): { reason: ClaimRefusal; retryAfterMs: number } | undefined {
    const { callsPerDay, callsPerMonth } = budget;
    if (callsPerDay === undefined && callsPerMonth === undefined) return undefined;
    const { callsToday, callsThisMonth } = this.spent(moment);
    if (callsPerMonth !== undefined && callsThisMonth >= callsPerMonth) {
      return { reason: 'budget_month', retryAfterMs: msToNextShanghaiMonth(moment.now) };
    }
    if (callsPerDay !== undefined && callsToday >= callsPerDay) {
      return { reason: 'budget_day', retryAfterMs: msToNextShanghaiDay(moment.now) };
    }
    return undefined;
  }

  reserve({ now, elapsed }: Moment): Reservation {
    const reservation = { day: shanghaiDay(now), month: shanghaiMonth(now) };
    this.#days.add(reservation.day, 1, elapsed);
    this.#months.add(reservation.month, 1, elapsed);
    return reservation;
  }

  refund({ day, month }: Reservation, { elapsed }: Moment): void {
    this.#days.add(day, -1, elapsed);
    this.#months.add(month, -1, elapsed);
  }

  spent({ now, elapsed }: Moment): LedgerSpent {
    return {
      callsToday: this.#days.calls(shanghaiDay(now), elapsed),
      callsThisMonth: this.#months.calls(shanghaiMonth(now), elapsed),
    };
  }

  latch({ now, elapsed }: Moment): LatchState | undefined {
    if (!this.#latch) return undefined;
    return { name: this.#latch.name, until: now + Math.max(0, this.#latch.until - elapsed) };
  }

  /**
   * Returns how long the latch refuses a claim, in milliseconds; 0 if it does not. After the latch's time, one claim is
   * granted as a probe. The others are refused until the probe ends or its lease expires.
   */
  latchedFor(elapsed: number): number {
    const latch = this.#latch;
    if (!latch) return 0;
    if (elapsed < latch.until) return latch.until - elapsed;
    return latch.probe && elapsed < latch.probe.until ? latch.probe.until - elapsed : 0;
  }

  /** Makes the claim the latch's probe, if the latch is closed. */
  startProbe(owner: string, until: number): boolean {
    if (!this.#latch) return false;
    this.#latch.probe = { owner, until };
    return true;
  }

  close(name: LatchName, ms: number, elapsed: number): void {
    this.#latch = { name, ms, until: elapsed + ms };
  }

  endProbe(owner: string, end: ProbeEnd, elapsed: number): void {
    const latch = this.#latch;
    if (latch?.probe?.owner !== owner) return;
    if (end === 'answered') this.#latch = undefined;
    else if (end === 'failed') this.close(latch.name, latch.ms, elapsed);
    else delete latch.probe;
  }

  /** Reopens the latch, even during a probe. */
  reopen(): boolean {
    const wasClosed = this.#latch !== undefined;
    this.#latch = undefined;
    return wasClosed;
  }
}
