import type { Clock } from '../support/clock.js';

interface Timer {
  at: number;
  readonly callback: () => void;
}

/** A clock that moves only when a test advances it, so that the test never waits. */
export class ManualClock implements Clock {
  #now: number;
  #jumped = 0;
  readonly #timers = new Set<Timer>();

  /** @param now initial time. @default 2026-01-01 00:00 in Asia/Shanghai */
  constructor(now: number = Date.UTC(2025, 11, 31, 16)) {
    this.#now = now;
  }

  now = (): number => this.#now;

  /** Not affected by {@link jump}. */
  monotonic = (): number => this.#now - this.#jumped;

  schedule = (callback: () => void, ms: number): (() => void) => {
    const timer = { at: this.#now + ms, callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  };

  /** The number of pending timers. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Advances the time, and runs the timers that are due, in order. Promises settle in between. */
  async advance(ms: number): Promise<void> {
    const until = this.#now + ms;
    await turn();
    for (let next = this.#nextBefore(until); next; next = this.#nextBefore(until)) {
      this.#timers.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.callback();
      await turn();
    }
    this.#now = until;
    await turn();
  }

  /** Sets the calendar time, as an operator sets a machine's clock; `ms` may be negative. Timers are not affected. */
  jump(ms: number): void {
    this.#now += ms;
    this.#jumped += ms;
    for (const timer of this.#timers) timer.at += ms;
  }

  #nextBefore(until: number): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers) if (timer.at <= until && (!next || timer.at < next.at)) next = timer;
    return next;
  }
}

/** Runs everything that is ready: promises, and events of sockets. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
