import type { Clock } from '../support/clock.js';
import type { Complete } from '../support/complete.types.js';
import type { CallHealth } from '../errors/consequences.data.js';

export type CircuitState = 'closed' | 'open' | 'half_open';

export interface CircuitBreakerOptions {
  /** Consecutive failures that open the circuit. @default 5 */
  readonly failures?: number | undefined;
  /** Time for which the circuit stays open before a probe, in milliseconds. @default 10_000 */
  readonly openMs?: number | undefined;
}

/** Called when the circuit opens and when it closes. */
export type CircuitListener = (state: 'open' | 'closed') => void;

/** The decision about a call. An admitted one must be reported with {@link CircuitBreaker.ended}. */
export type CircuitAdmission =
  /** `probe` marks the one call that tests whether the upstream works again. */
  | { readonly admitted: true; readonly probe: boolean }
  /** Time until the next try, in milliseconds. */
  | { readonly admitted: false; readonly waitMs: number };

type State =
  | { readonly kind: 'closed'; readonly failures: number }
  /** Refuses calls until `until`, in monotonic milliseconds. The next call is the probe. */
  | { readonly kind: 'open'; readonly until: number }
  /**
   * Refuses calls while the probe is under way. `until` has passed, so if the probe ends without evidence, the next
   * call can probe.
   */
  | { readonly kind: 'probing'; readonly until: number };

/**
 * Stops calls to an upstream that fails. The circuit opens after `failures` consecutive failures. After `openMs` it
 * admits exactly one call, the probe, and refuses the others until the probe has ended.
 */
export class CircuitBreaker {
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #threshold: number;
  readonly #openMs: number;
  #state: State = { kind: 'closed', failures: 0 };

  constructor(
    clock: Pick<Clock, 'monotonic'>,
    { failures, openMs }: Complete<CircuitBreakerOptions>,
    private readonly changed: CircuitListener = () => undefined,
  ) {
    this.#clock = clock;
    this.#threshold = failures;
    this.#openMs = openMs;
  }

  get state(): CircuitState {
    if (this.#state.kind === 'closed') return 'closed';
    return this.#state.kind === 'probing' || this.#clock.monotonic() >= this.#state.until ? 'half_open' : 'open';
  }

  /** Decides whether a call can be made. */
  enter(): CircuitAdmission {
    const state = this.#state;
    if (state.kind === 'closed') return { admitted: true, probe: false };
    if (state.kind === 'probing') return { admitted: false, waitMs: this.#openMs };
    const waitMs = state.until - this.#clock.monotonic();
    if (waitMs > 0) return { admitted: false, waitMs };
    this.#state = { kind: 'probing', until: state.until };
    return { admitted: true, probe: true };
  }

  /** Reports the end of an admitted call. If a probe ends with `unasked`, the next call becomes the probe at once. */
  ended({ probe }: { readonly probe: boolean }, health: CallHealth): void {
    const state = this.#state;
    if (probe) {
      if (state.kind !== 'probing') return;
      if (health === 'well') this.#close();
      else if (health === 'ill') this.#open();
      else this.#state = { kind: 'open', until: state.until };
      return;
    }
    // Ignores calls that began before the circuit opened.
    if (state.kind !== 'closed' || health === 'unasked') return;
    if (health === 'well') this.#state = { kind: 'closed', failures: 0 };
    else if (state.failures + 1 >= this.#threshold) this.#open();
    else this.#state = { kind: 'closed', failures: state.failures + 1 };
  }

  /** Closes the circuit without a probe, and forgets earlier failures. @returns whether it was not closed */
  reset(): boolean {
    const wasClosed = this.#state.kind === 'closed';
    this.#state = { kind: 'closed', failures: 0 };
    if (!wasClosed) this.changed('closed');
    return !wasClosed;
  }

  #open(): void {
    const wasClosed = this.#state.kind === 'closed';
    this.#state = { kind: 'open', until: this.#clock.monotonic() + this.#openMs };
    if (wasClosed) this.changed('open');
  }

  #close(): void {
    this.#state = { kind: 'closed', failures: 0 };
    this.changed('closed');
  }
}
