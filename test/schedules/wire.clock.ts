import type { Clock } from '@identity-verify/nestjs';
import diagnostics from 'node:diagnostics_channel';

/** The events of node:http by which a request or a reply makes progress. */
const CHANNELS = [
  'http.client.request.start',
  'http.client.response.finish',
  'http.server.request.start',
  'http.server.response.finish',
  'net.client.socket',
  'net.server.socket',
] as const;

/** Turns of the event loop without progress after which loopback counts as quiet. No step of an exchange takes as many. */
const QUIET_TURNS = 12;

/** Counts everything that happens between client and server in this process. */
export class WireWatch {
  #events = 0;
  readonly #count = () => void this.#events++;

  start(): void {
    for (const channel of CHANNELS) diagnostics.subscribe(channel, this.#count);
  }

  stop(): void {
    for (const channel of CHANNELS) diagnostics.unsubscribe(channel, this.#count);
  }

  /** Counts progress that node:http does not report. */
  progress(): void {
    this.#events++;
  }

  /** Resolves when nothing moves any more: each exchange has ended, or waits for the clock. */
  async quiet(): Promise<void> {
    let seen = this.#events;
    for (let quiet = 0; quiet < QUIET_TURNS; quiet++) {
      await new Promise((resolve) => setImmediate(resolve));
      if (seen === this.#events) continue;
      seen = this.#events;
      quiet = -1;
    }
  }
}

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

/**
 * The clock of client and mock. It moves only when a schedule moves it, and lets loopback come to rest between two
 * timers, so that a reply that is due before a deadline arrives before it.
 */
export class WireClock implements Clock {
  #now: number;
  readonly #wire: WireWatch;
  readonly #timers = new Set<Timer>();

  constructor(wire: WireWatch, now: number) {
    this.#wire = wire;
    this.#now = now;
  }

  now = (): number => this.#now;
  monotonic = (): number => this.#now;

  schedule = (callback: () => void, ms: number): (() => void) => {
    const timer = { at: this.#now + ms, callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  };

  /** Advances the time, and runs the timers that are due, in order. */
  async advance(ms: number): Promise<void> {
    const until = this.#now + ms;
    await this.#wire.quiet();
    for (let next = this.#nextBefore(until); next; next = this.#nextBefore(until)) {
      this.#timers.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.callback();
      await this.#wire.quiet();
    }
    this.#now = until;
  }

  #nextBefore(until: number): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers) if (timer.at <= until && (!next || timer.at < next.at)) next = timer;
    return next;
  }
}
