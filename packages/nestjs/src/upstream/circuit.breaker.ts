import type { Clock } from '../clock.js';

export type CircuitState = 'closed' | 'open' | 'half_open';

export interface CircuitBreakerOptions {
  /** Failures in a row that open the circuit. @default 5 */
  readonly failures?: number;
  /** How long it stays open before a probe, in milliseconds. @default 10_000 */
  readonly openMs?: number;
}

/** Is told when the circuit opens, and when it closes again. */
export type CircuitListener = (state: 'open' | 'closed') => void;

/** Whether a call may go. */
export interface CircuitEntry {
  /** How long to wait, in milliseconds; 0 lets the call through. */
  readonly waitMs: number;
  /** Whether this call is the one that finds out how the upstream is. */
  readonly probe: boolean;
}

/**
 * Leaves an ill upstream alone. After `failures` in a row it opens; after `openMs` it lets exactly one call through
 * and refuses the others until that one has ended.
 */
export class CircuitBreaker {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #threshold: number;
  readonly #openMs: number;
  #failures = 0;
  #openUntil: number | undefined;
  #probing = false;

  constructor(
    clock: Pick<Clock, 'now'>,
    { failures = 5, openMs = 10_000 }: CircuitBreakerOptions = {},
    private readonly changed: CircuitListener = () => undefined,
  ) {
    this.#clock = clock;
    this.#threshold = failures;
    this.#openMs = openMs;
  }

  get state(): CircuitState {
    if (this.#openUntil === undefined) return 'closed';
    return this.#probing || this.#clock.now() >= this.#openUntil ? 'half_open' : 'open';
  }

  /** Asks to let a call through. A call that was let through must be reported by {@link ended}, with its `probe`. */
  enter(): CircuitEntry {
    if (this.#openUntil === undefined) return { waitMs: 0, probe: false };
    const waitMs = this.#openUntil - this.#clock.now();
    if (waitMs > 0) return { waitMs, probe: false };
    if (this.#probing) return { waitMs: this.#openMs, probe: false };
    this.#probing = true;
    return { waitMs: 0, probe: true };
  }

  /**
   * Reports a call that was let through.
   *
   * @param ill undefined when it never reached the upstream and so says nothing about it
   */
  ended({ probe }: CircuitEntry, ill: boolean | undefined): void {
    if (probe) this.#probing = false;
    // What a call that began before the circuit opened has to say comes too late.
    if (ill === undefined || (this.#openUntil !== undefined && !probe)) return;
    this.#failures = ill ? this.#failures + 1 : 0;
    if (!ill) this.#close();
    else if (probe || this.#failures >= this.#threshold) this.#open();
  }

  #open(): void {
    const wasClosed = this.#openUntil === undefined;
    this.#openUntil = this.#clock.now() + this.#openMs;
    if (wasClosed) this.changed('open');
  }

  #close(): void {
    if (this.#openUntil === undefined) return;
    this.#openUntil = undefined;
    this.changed('closed');
  }
}
