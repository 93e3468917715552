import type { LatchState, LedgerSpent, CallBudget } from './ledger/ledger.port.js';
import type { StoreState } from './ledger/store.breaker.js';
import type { CircuitState } from './upstream/circuit.breaker.js';

/** The reason why a question without an answer in the ledger is refused now. */
export type Refusing = 'ledger_unavailable' | 'latched' | 'budget_exhausted' | 'circuit_open';

/** The closed latch of an instance. */
export interface LatchHealth extends LatchState {
  /** Its time has passed: the next question is sent as a probe. */
  readonly probing: boolean;
}

/** The kind of ledger, and whether it answers. */
export interface LedgerHealth {
  /** `memory`, `sqlite`, `redis`, or `custom` for a ledger of the application that names no kind. */
  readonly kind: string;
  /**
   * `unavailable`: its store failed, as the questions of this process or this look have found it. `local`: the same, and
   * questions are answered from the memory of this process, by `onStoreFailure`.
   */
  readonly state: 'available' | 'unavailable' | 'local';
}

/** The health of an instance, determined without a paid call. */
export interface IdentityVerifyHealth {
  /**
   * Whether the ledger answers, or this process in its place, so that the module can work. A closed latch, a used-up budget and an open circuit do
   * not change it, because neither a restart nor a lack of requests ends them; see `refusing`.
   */
  readonly up: boolean;
  /** The reason why a new question would be refused now. Absent if it would be sent. */
  readonly refusing?: Refusing;
  readonly ledger: LedgerHealth;
  /** Present while the module works with less than it has: `ledger.state` is `local`. */
  readonly degraded?: true;
  readonly circuit: CircuitState;
  readonly latch?: LatchHealth;
  /**
   * State of the ledger's shared store, as the questions of this process have found it. A store that is full or
   * read-only is unavailable and still answers. Absent without a shared store.
   */
  readonly store?: StoreState;
  /** Absent if the ledger does not answer. As far as this process knows while `ledger.state` is `local`. */
  readonly spent?: LedgerSpent;
  readonly budget: CallBudget;
  /** Time of the upstream's last answer. Absent if there was none since the start. */
  readonly lastAnswerAt?: Date;
}
