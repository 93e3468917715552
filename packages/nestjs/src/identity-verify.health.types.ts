import type { LatchState, LedgerSpent, CallBudget } from './ledger/ledger.port.js';
import type { CircuitState } from './upstream/circuit.breaker.js';

/** How an instance is, as far as can be told without a paid call. */
export interface IdentityVerifyHealth {
  /** Whether a question asked now would be let through to the upstream. */
  readonly up: boolean;
  readonly circuit: CircuitState;
  readonly latch?: LatchState;
  readonly spent: LedgerSpent;
  readonly budget: CallBudget;
  /** When the upstream last gave an answer; absent when it has not since the start. */
  readonly lastAnswerAt?: Date;
}
