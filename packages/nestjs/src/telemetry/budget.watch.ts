import { shanghaiDay, shanghaiMonth } from '../support/clock.js';
import { dropFirst } from '../support/drop-first.js';
import type { CallBudget, LedgerSpent } from '../ledger/ledger.port.js';
import type { BudgetEvent } from './events.types.js';

/** A budget that passed a threshold. */
export type BudgetPassed = Pick<BudgetEvent, 'period' | 'percent' | 'limit' | 'calls'>;

/** The highest threshold reported for a budget of one scope, and its period. */
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

/** Detects when a budget passes a threshold, once per period. */
export class BudgetWatch {
  readonly #reported = new Map<string, Reported>();

  /** Reports a granted call. `spent` includes it. */
  granted(tenant: string | undefined, budget: CallBudget, spent: LedgerSpent, now: number): BudgetPassed[] {
    return (['day', 'month'] as const).flatMap((period) => {
      const limit = budget[PERIODS[period].limit];
      const calls = spent[PERIODS[period].calls];
      // Any application can supply the ledger, so a value that is not a count is ignored.
      if (limit === undefined || !Number.isInteger(calls)) return [];
      return this.#passed(tenant, period, limit, calls, now);
    });
  }

  /** Reports a call that the budget refused. The number of spent calls is not known. */
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

  /** Periods only advance, so that a clock set back does not report a period twice. A raised budget starts again. */
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
