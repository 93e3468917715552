import type { LatchName } from '../errors/consequences.data.js';
import type { Attributes } from '@opentelemetry/api';
import type { Clock } from '../support/clock.js';
import { ERROR_CODES } from '../errors/error-codes.data.js';
import type { IdentityVerifyError } from '../errors/identity-verify.error.js';
import type { CallBudget, ClaimAnswer } from '../ledger/ledger.port.js';
import { BudgetWatch, type BudgetPassed } from './budget.watch.js';
import type { IdentityVerifyEvent } from './events.types.js';
import type { Instruments } from './instruments.js';
import { LatchWatch } from './latch.watch.js';
import type { SdkGuard } from './sdk.guard.js';
import { ATTRIBUTES } from './telemetry.names.js';

/** The outputs of alerts. */
export interface ScopeAlertsParts {
  readonly instance: string;
  readonly clock: Pick<Clock, 'now'>;
  readonly instruments: Pick<Instruments, 'latchClosed' | 'latchesClosed'>;
  readonly guard: SdkGuard;
  readonly warn: (message: string) => void;
  readonly emit: (event: IdentityVerifyEvent) => void;
}

/** The tenant of a question, and the question's start by `performance.now()`. */
export interface Asker {
  readonly tenant: string | undefined;
  readonly began: number;
}

const LATCH_NAMES = ['quota', 'access'] as const satisfies LatchName[];

/** Reports latches and budgets of the instance and its tenants: as log messages, OpenTelemetry metrics and events. */
export class ScopeAlerts {
  readonly #parts: ScopeAlertsParts;
  readonly #latches = new LatchWatch();
  readonly #budgets = new BudgetWatch();

  constructor(parts: ScopeAlertsParts) {
    this.#parts = parts;
    this.#recordLatches();
  }

  /** Reports the ledger's decision about a question. */
  claimed({ tenant, began }: Asker, answer: ClaimAnswer, budget: CallBudget): void {
    if (answer.verdict === 'granted') {
      // No probe, although the latch was closed when the question began: another process has reopened it.
      if (!answer.probe && this.#latches.closedBefore(tenant, began)) this.latchReopened(tenant);
      if (answer.spent)
        this.#budget(tenant, this.#budgets.granted(tenant, budget, answer.spent, this.#parts.clock.now()));
    } else if (answer.verdict === 'refused' && (answer.reason === 'budget_day' || answer.reason === 'budget_month')) {
      const period = answer.reason === 'budget_day' ? 'day' : 'month';
      this.#budget(tenant, this.#budgets.refused(tenant, period, budget, this.#parts.clock.now()));
    }
  }

  /** Reports that the upstream refused the account. */
  latchClosed(tenant: string | undefined, name: LatchName, { code, upstreamCode }: IdentityVerifyError): void {
    if (!this.#latches.close(tenant, name)) return;
    const { guard, instruments, warn } = this.#parts;
    guard.run(() => instruments.latchesClosed.add(1, this.#attributes(name)));
    this.#recordLatches();
    const { title, remedy } = ERROR_CODES[code];
    warn(
      `The latch \`${name}\`${of(tenant)} closed after upstream code ${upstreamCode ?? 'unknown'}: ${title}. ${remedy} ` +
        'Then call `reopen()`, or wait: one call probes the account from time to time.',
    );
    const state = 'closed' as const;
    this.#emit(tenant, { type: 'latch', name, state, ...(upstreamCode !== undefined && { upstreamCode }) });
  }

  /**
   * Reports that a latch reopened. `name` is the latch that the ledger had closed, if this process did not see it
   * close.
   */
  latchReopened(tenant: string | undefined, name?: LatchName): void {
    const reopened = this.#latches.reopen(tenant) ?? name;
    if (reopened === undefined) return;
    this.#recordLatches();
    this.#parts.warn(`The latch \`${reopened}\`${of(tenant)} reopened: calls are made again.`);
    this.#emit(tenant, { type: 'latch', name: reopened, state: 'reopened' });
  }

  #budget(tenant: string | undefined, passed: readonly BudgetPassed[]): void {
    for (const threshold of passed) {
      const { period, percent, limit, calls } = threshold;
      const used = calls === undefined ? `${limit} calls` : `${calls} of ${limit} calls`;
      this.#parts.warn(`${percent} % of the budget of this ${period}${of(tenant)} is used up: ${used}.`);
      this.#emit(tenant, { type: 'budget', ...threshold });
    }
  }

  #emit(tenant: string | undefined, event: EventWithoutScope): void {
    this.#parts.emit({ ...event, instance: this.#parts.instance, ...(tenant !== undefined && { tenant }) });
  }

  #recordLatches(): void {
    const { guard, instruments } = this.#parts;
    for (const name of LATCH_NAMES) {
      guard.run(() => instruments.latchClosed.record(Number(this.#latches.isClosed(name)), this.#attributes(name)));
    }
  }

  #attributes(latch: LatchName): Attributes {
    return { [ATTRIBUTES.instance]: this.#parts.instance, [ATTRIBUTES.latch]: latch };
  }
}

type WithoutScope<T> = T extends unknown ? Omit<T, 'instance' | 'tenant'> : never;
type EventWithoutScope = WithoutScope<Extract<IdentityVerifyEvent, { type: 'latch' | 'budget' }>>;

/** A log contains no tenant, because it may be a person. The event contains it. */
function of(tenant: string | undefined): string {
  return tenant === undefined ? '' : ' of a tenant';
}
