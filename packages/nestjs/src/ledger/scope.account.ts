import { msToNextShanghaiDay, msToNextShanghaiMonth, shanghaiDay, shanghaiMonth } from '../clock.js';
import type { CallBudget, ClaimRefusal, LatchName, LatchState, LedgerSpent } from './ledger.port.js';

/** Which periods a reservation was counted in, so that it is given back to the same ones. */
export interface Reservation {
  readonly day: number;
  readonly month: number;
}

interface Latch {
  readonly name: LatchName;
  readonly ms: number;
  until: number;
  probe?: { readonly owner: string; readonly until: number };
}

/** The budget and the latch of one scope. Integers only. */
export class ScopeAccount {
  #day = -Infinity;
  #month = -Infinity;
  #callsToday = 0;
  #callsThisMonth = 0;
  #latch: Latch | undefined;

  /** Why no further call may be paid for now, if so. */
  exhausted(budget: CallBudget, now: number): { reason: ClaimRefusal; retryAfterMs: number } | undefined {
    this.#turn(now);
    if (budget.callsPerMonth !== undefined && this.#callsThisMonth >= budget.callsPerMonth) {
      return { reason: 'budget_month', retryAfterMs: msToNextShanghaiMonth(now) };
    }
    if (budget.callsPerDay !== undefined && this.#callsToday >= budget.callsPerDay) {
      return { reason: 'budget_day', retryAfterMs: msToNextShanghaiDay(now) };
    }
    return undefined;
  }

  reserve(now: number): Reservation {
    this.#turn(now);
    this.#callsToday += 1;
    this.#callsThisMonth += 1;
    return { day: this.#day, month: this.#month };
  }

  release({ day, month }: Reservation): void {
    if (day === this.#day) this.#callsToday -= 1;
    if (month === this.#month) this.#callsThisMonth -= 1;
  }

  spent(now: number): LedgerSpent {
    this.#turn(now);
    return { callsToday: this.#callsToday, callsThisMonth: this.#callsThisMonth };
  }

  latch(now: number): LatchState | undefined {
    if (!this.#latch) return undefined;
    return { name: this.#latch.name, until: Math.max(this.#latch.until, now) };
  }

  /**
   * Whether the latch keeps the door closed. Once its time has passed, exactly one claim finds it ajar until that
   * claim is settled or its lease is over.
   */
  latchedFor(now: number): number {
    const latch = this.#latch;
    if (!latch) return 0;
    if (now < latch.until) return latch.until - now;
    return latch.probe && now < latch.probe.until ? latch.probe.until - now : 0;
  }

  /** Marks the claim as the latch's probe, if there is a latch. */
  startProbe(owner: string, until: number): boolean {
    if (!this.#latch) return false;
    this.#latch.probe = { owner, until };
    return true;
  }

  close(name: LatchName, ms: number, now: number): void {
    this.#latch = { name, ms, until: now + ms };
  }

  /** @returns whether a latch was closed */
  reopen(): boolean {
    const closed = this.#latch !== undefined;
    this.#latch = undefined;
    return closed;
  }

  /** An answer opens the door; anything else keeps it closed for another while. */
  endProbe(owner: string, answered: boolean, now: number): void {
    if (this.#latch?.probe?.owner !== owner) return;
    if (answered) this.#latch = undefined;
    else this.close(this.#latch.name, this.#latch.ms, now);
  }

  /** Periods only ever advance: a clock that jumps back must not open a spent budget again. */
  #turn(now: number): void {
    const day = shanghaiDay(now);
    const month = shanghaiMonth(now);
    if (day > this.#day) {
      this.#day = day;
      this.#callsToday = 0;
    }
    if (month > this.#month) {
      this.#month = month;
      this.#callsThisMonth = 0;
    }
  }
}
