import { shanghaiDay, shanghaiMonth } from '../support/clock.js';
import { dropFirst } from '../support/drop-first.js';
import type { CallBudget, LedgerSpent } from '../ledger/ledger.port.js';
import type { BudgetEvent } from './events.types.js';

/** A threshold that was passed. */
export type BudgetPassed = Pick<BudgetEvent, 'period' | 'percent' | 'limit' | 'calls'>;

/** How far a budget of one scope has been reported, and in which period. */
interface Reported {
  since: number;
  limit: number;
  percent: number;
}

const PERCENTS = [80, 100] as const;
const PERIODS = {
  day: { begins: shanghaiDay, limit: 'callsPerDay', calls: 'callsToday' },
  month: { begins: shanghaiMonth, limit: 'callsPerMonth', calls: 'callsThisMonth' },
} as const;
const MOST_BUDGETS = 20_000;

/** Finds out when a budget passes a threshold, once in each period. */
export class BudgetWatch {
  readonly #reported = new Map<string, Reported>();

  /** A call was granted: `spent` includes it. */
  granted(tenant: string | undefined, budget: CallBudget, spent: LedgerSpent, now: number): BudgetPassed[] {
    return (['day', 'month'] as const).flatMap((period) => {
      const limit = budget[PERIODS[period].limit];
      const calls = spent[PERIODS[period].calls];
      // The ledger may be anybody's: what is no count is left out of account.
      if (limit === undefined || !Number.isInteger(calls)) return [];
      return this.#passed(tenant, period, limit, calls, now);
    });
  }

  /** A call was refused because the budget is used up; how many calls that were is not known. */
  refused(tenant: string | undefined, period: 'day' | 'month', budget: CallBudget, now: number): BudgetPassed[] {
    const limit = budget[PERIODS[period].limit];
    return limit === undefined ? [] : this.#passed(tenant, period, limit, undefined, now);
  }

  #passed(
    tenant: string | undefined,
    period: 'day' | 'month',
    limit: number,
    calls: number | undefined,
    now: number,
  ): BudgetPassed[] {
    const reported = this.#reportedOf(`${period} ${tenant ?? ''}`, limit, PERIODS[period].begins(now));
    const passed = PERCENTS.filter(
      (percent) => percent > reported.percent && (calls === undefined || calls * 100 >= limit * percent),
    );
    reported.percent = passed.at(-1) ?? reported.percent;
    const known = calls === undefined ? {} : { calls };
    return passed.map((percent) => Object.assign({ period, percent, limit }, known));
  }

  /** Periods only advance: a clock that is set back does not report a period twice. A budget that was raised starts anew. */
  #reportedOf(key: string, limit: number, since: number): Reported {
    let reported = this.#reported.get(key);
    if (!reported || since > reported.since || limit > reported.limit) {
      reported = { since: Math.max(since, reported?.since ?? since), limit, percent: 0 };
      this.#reported.set(key, reported);
      if (this.#reported.size > MOST_BUDGETS) dropFirst(this.#reported);
    }
    reported.limit = limit;
    return reported;
  }
}
