/** The last moment of a virtual clock, in milliseconds since 1970: later ones have no four-digit year, and soon no date. */
export const LATEST_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** A clock cannot be put forward by this much. The clock stays where it is. */
export class ClockRangeError extends RangeError {
  override readonly name = 'ClockRangeError';
}

/** A clock that runs with the real one and can be put forward, so that a day passes in a test without waiting. */
export class VirtualClock {
  readonly #now: () => number;
  #offsetMs = 0;

  /** @param now real time in milliseconds since 1970 */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Milliseconds since 1970, as this clock sees it; never after {@link LATEST_MS}. */
  now(): number {
    return Math.min(this.#now() + this.#offsetMs, LATEST_MS);
  }

  /** How far this clock is ahead of the real one, in milliseconds. */
  get offsetMs(): number {
    return this.#offsetMs;
  }

  /**
   * Puts the clock forward.
   * @throws ClockRangeError when `ms` is negative or not finite, or the clock would pass {@link LATEST_MS}
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
