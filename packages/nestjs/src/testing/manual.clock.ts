import type { Clock } from '../support/clock.js';

interface Timer {
  at: number;
  readonly callback: () => void;
}

/** A clock that stands still until it is told to move, so that a test waits for nothing. */
export class ManualClock implements Clock {
  #now: number;
  #jumped = 0;
  readonly #timers = new Set<Timer>();

  /** @param now where it starts. @default 2026-01-01 00:00 in Asia/Shanghai */
  constructor(now: number = Date.UTC(2025, 11, 31, 16)) {
    this.#now = now;
  }

  now = (): number => this.#now;

  /** Does not notice {@link jump}. */
  monotonic = (): number => this.#now - this.#jumped;

  schedule = (callback: () => void, ms: number): (() => void) => {
    const timer = { at: this.#now + ms, callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  };

  /** How many timers are waiting. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Moves on, and calls back what has come due, in the order of time; promises in between get their turn. */
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

  /** Is set, as a machine's clock is; `ms` may be negative. Timers go by elapsed time and do not notice. */
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

/** Lets everything that is ready run: promises, and what sockets have to say. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
