import type { LatchState, LedgerSpent, CallBudget } from './ledger/ledger.port.js';
import type { CircuitState } from './upstream/circuit.breaker.js';

/** Why questions without an answer in the ledger are refused now. */
export type Refusing = 'ledger_unavailable' | 'latched' | 'budget_exhausted' | 'circuit_open';

/** The latch of an instance, as its health tells it. */
export interface LatchHealth extends LatchState {
  /** Its time has passed: the next question goes to the upstream and finds out. */
  readonly probing: boolean;
}

/** How an instance is, as far as can be told without a paid call. */
export interface IdentityVerifyHealth {
  /**
   * Whether the module can work: its ledger answers. A latch, a used-up budget and an open circuit leave it up, because
   * restarting the application or sending it no requests ends none of them; see `refusing`.
   */
  readonly up: boolean;
  /** Why a new question would be refused now; absent when it would go to the upstream. */
  readonly refusing?: Refusing;
  readonly circuit: CircuitState;
  readonly latch?: LatchHealth;
  /** Absent when the ledger does not answer. */
  readonly spent?: LedgerSpent;
  readonly budget: CallBudget;
  /** When the upstream last gave an answer; absent when it has not since the start. */
  readonly lastAnswerAt?: Date;
}
