import type { Clock } from '../support/clock.js';

/** Whether claims can be written to the store. */
export type StoreState = 'available' | 'unavailable';

/** Called when the state of the store changes. */
export type StoreListener = (state: StoreState) => void;

/** The decision about a command. An admitted one must be reported with {@link StoreBreaker.ended}. */
export type StoreAdmission =
  /** `probe` marks the one command that tests whether a store that hung answers again. */
  | { readonly admitted: true; readonly probe: boolean }
  /** Time until the next try, in milliseconds. */
  | { readonly admitted: false; readonly retryAfterMs: number };

/** The end of a command. */
export type StoreEnd =
  /** The store has changed what it holds, so it works in full. */
  | 'wrote'
  /** The store has answered. A store that is full or read-only still does. */
  | 'read'
  /** The store refused the command before the deadline. */
  | 'failed'
  /** The store used up the whole time that it has for a command. */
  | 'hung'
  /** The command had less time than it may take, so the end says nothing about the store. */
  | 'cut';

/** Consecutive failures after which the store counts as unavailable. */
const FAILURES = 3;
const FIRST_PROBE_MS = 250;
const LONGEST_PROBE_MS = 1_000;
/** Time without a failure after which a read is enough to count the store as available again. */
const QUIET_MS = 1_000;

/**
 * Stops commands to a store that hangs, so that each question is refused at once instead of after the deadline. After
 * three consecutive failures the store is unavailable. If the last one was a timeout, one command is admitted after
 * 250 ms, and then after twice the time, up to 1 s; a success admits every command again.
 *
 * A store that fails at once is still asked, because that costs no time, and a store that is full or read-only still
 * returns the answers that it has.
 */
export class StoreBreaker {
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #changed: StoreListener;
  #state: StoreState = 'available';
  #failures = 0;
  #failedAt = -Infinity;
  #failingSince: number | undefined;
  /** When the next probe is due, in monotonic milliseconds. Undefined while every command is admitted. */
  #probeAt: number | undefined;
  #probeMs = FIRST_PROBE_MS;
  #isProbing = false;

  constructor(clock: Pick<Clock, 'monotonic'>, changed: StoreListener = () => undefined) {
    this.#clock = clock;
    this.#changed = changed;
  }

  get state(): StoreState {
    return this.#state;
  }

  /** Recommended wait before the next question, in milliseconds. Undefined while the store is available. */
  get retryAfterMs(): number | undefined {
    if (this.#state === 'available') return undefined;
    const waitMs = (this.#probeAt ?? -Infinity) - this.#clock.monotonic();
    return waitMs > 0 ? Math.ceil(waitMs) : FIRST_PROBE_MS;
  }

  /** When the store began to fail, in monotonic milliseconds: the first failure since it last worked. */
  get failingSince(): number | undefined {
    return this.#failingSince;
  }

  /** Decides whether a command is sent. */
  enter(): StoreAdmission {
    if (this.#probeAt === undefined) return { admitted: true, probe: false };
    if (this.#isProbing || this.#clock.monotonic() < this.#probeAt) {
      return { admitted: false, retryAfterMs: this.retryAfterMs ?? FIRST_PROBE_MS };
    }
    this.#isProbing = true;
    return { admitted: true, probe: true };
  }

  /** Reports the end of an admitted command, or of one that is sent in any state. */
  ended(probe: boolean, end: StoreEnd): void {
    if (probe) this.#isProbing = false;
    if (end === 'cut') return;
    if (end === 'wrote' || end === 'read') this.#succeeded(end);
    // A command that began before the store was held back adds nothing.
    else if (probe || this.#probeAt === undefined) this.#failed(probe, end);
  }

  #succeeded(end: 'wrote' | 'read'): void {
    this.#probeAt = undefined;
    this.#probeMs = FIRST_PROBE_MS;
    // Otherwise a store that is full would be reported as available after each answer that it still returns.
    if (end === 'read' && this.#clock.monotonic() - this.#failedAt < QUIET_MS) return;
    this.#failures = 0;
    this.#failingSince = undefined;
    this.#become('available');
  }

  #failed(probe: boolean, end: 'failed' | 'hung'): void {
    const now = this.#clock.monotonic();
    this.#failures += 1;
    this.#failedAt = now;
    this.#failingSince ??= now;
    if (this.#failures < FAILURES) return;
    if (end === 'hung') {
      this.#probeMs = probe ? Math.min(2 * this.#probeMs, LONGEST_PROBE_MS) : FIRST_PROBE_MS;
      this.#probeAt = now + this.#probeMs;
    } else {
      this.#probeAt = undefined;
    }
    this.#become('unavailable');
  }

  #become(state: StoreState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#changed(state);
  }
}
