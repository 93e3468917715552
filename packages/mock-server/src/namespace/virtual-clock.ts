/** A clock that runs with the real one and can be put forward, so that a day passes in a test without waiting. */
export class VirtualClock {
  readonly #now: () => number;
  #offsetMs = 0;

  /** @param now real time in milliseconds since 1970 */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Milliseconds since 1970, as this clock sees it. */
  now(): number {
    return this.#now() + this.#offsetMs;
  }

  /** How far this clock is ahead of the real one, in milliseconds. */
  get offsetMs(): number {
    return this.#offsetMs;
  }

  /** Puts the clock forward. */
  advance(ms: number): void {
    this.#offsetMs += ms;
  }

  reset(): void {
    this.#offsetMs = 0;
  }
}
