/** The latest time of a virtual clock, in milliseconds since 1970. Later years have more than four digits. */
export const LATEST_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** The clock cannot be advanced by this amount. It is unchanged. */
export class ClockRangeError extends RangeError {
  override readonly name = 'ClockRangeError';
}

/** A clock that follows real time and can be advanced, so that a test can pass a day without waiting. */
export class VirtualClock {
  readonly #now: () => number;
  #offsetMs = 0;

  /** @param now real time, in milliseconds since 1970 */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** The current time, in milliseconds since 1970; at most {@link LATEST_MS}. */
  now(): number {
    return Math.min(this.#now() + this.#offsetMs, LATEST_MS);
  }

  /** The offset from real time, in milliseconds. */
  get offsetMs(): number {
    return this.#offsetMs;
  }

  /**
   * Advances the clock.
   *
   * @throws ClockRangeError if `ms` is negative or not finite, or the clock would pass {@link LATEST_MS}
   */
  advance(ms: number): void {
    if (!(ms >= 0 && ms < Infinity)) {
      throw new ClockRangeError('A clock is only ever put forward: ms must be 0 or more, and finite.');
    }
    if (this.now() + ms > LATEST_MS) {
      throw new ClockRangeError('The clock ends with the year 9999. Reset the namespace to bring it back.');
    }
    this.#offsetMs += ms;
  }

  reset(): void {
    this.#offsetMs = 0;
  }
}
