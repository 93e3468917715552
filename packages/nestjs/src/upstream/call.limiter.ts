import type { Clock } from '../clock.js';

export interface CallLimiterOptions {
  /** Most calls under way at once. @default 64 */
  readonly concurrency?: number;
  /** Most calls that wait for their turn. @default 256 */
  readonly queue?: number;
  /** Most calls begun in a second. @default unlimited */
  readonly callsPerSecond?: number;
}

interface Waiter {
  readonly start: () => void;
}

/** Holds calls back so that neither this host nor the gateway's throttle is overrun. Waiting costs nothing. */
export class CallLimiter {
  readonly #clock: Clock;
  readonly #concurrency: number;
  readonly #queueLimit: number;
  readonly #intervalMs: number;
  readonly #queue = new Set<Waiter>();
  #active = 0;
  #nextStart = -Infinity;
  #cancelTimer: (() => void) | undefined;

  constructor(clock: Clock, { concurrency = 64, queue = 256, callsPerSecond }: CallLimiterOptions = {}) {
    this.#clock = clock;
    this.#concurrency = concurrency;
    this.#queueLimit = queue;
    this.#intervalMs = callsPerSecond === undefined ? 0 : 1_000 / callsPerSecond;
  }

  get active(): number {
    return this.#active;
  }

  get waiting(): number {
    return this.#queue.size;
  }

  /**
   * Waits for a turn; `release` must be called when the call has ended.
   *
   * @returns true when it is this call's turn, false when the queue is full, and rejects with the signal's reason when
   * the signal aborts first: a waiter that gave up does not keep its place
   */
  async acquire(signal: AbortSignal): Promise<boolean> {
    signal.throwIfAborted();
    if (this.#queue.size === 0 && this.#ready()) {
      this.#begin();
      return true;
    }
    if (this.#queue.size >= this.#queueLimit) return false;
    await new Promise<void>((resolve, reject) => {
      const giveUp = () => {
        this.#queue.delete(waiter);
        reject(signal.reason as Error);
      };
      const waiter: Waiter = {
        start: () => {
          signal.removeEventListener('abort', giveUp);
          resolve();
        },
      };
      signal.addEventListener('abort', giveUp, { once: true });
      this.#queue.add(waiter);
      this.#pump();
    });
    return true;
  }

  release(): void {
    this.#active -= 1;
    this.#pump();
  }

  #ready(): boolean {
    return this.#active < this.#concurrency && this.#clock.now() >= this.#nextStart;
  }

  #begin(): void {
    this.#active += 1;
    if (this.#intervalMs > 0) this.#nextStart = Math.max(this.#nextStart, this.#clock.now()) + this.#intervalMs;
  }

  #pump(): void {
    for (const waiter of this.#queue) {
      if (!this.#ready()) break;
      this.#queue.delete(waiter);
      this.#begin();
      waiter.start();
    }
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    if (this.#queue.size > 0 && this.#active < this.#concurrency) {
      this.#cancelTimer = this.#clock.schedule(() => this.#pump(), Math.max(0, this.#nextStart - this.#clock.now()));
    }
  }
}
