import type { Clock } from '../support/clock.js';
import type { Complete } from '../support/complete.types.js';
import type { StopSignal } from './stop.js';

export interface CallLimiterOptions {
  /** Maximum number of concurrent calls. @default 64 */
  readonly concurrency?: number | undefined;
  /** Maximum number of waiting calls. @default 256 */
  readonly queue?: number | undefined;
  /** Maximum number of calls started per second. @default unlimited */
  readonly callsPerSecond?: number | undefined;
}

/** {@link CallLimiterOptions} with every default applied. */
export type ResolvedLimiterOptions = Complete<Omit<CallLimiterOptions, 'callsPerSecond'>> &
  Pick<CallLimiterOptions, 'callsPerSecond'>;

/** The result of waiting for a slot. Only an admitted call must be released. */
export type LimiterAdmission = 'admitted' | 'full' | 'stopped';

interface Waiter {
  readonly start: () => void;
}

/**
 * Limits concurrency and rate, so that neither this host nor the gateway's throttle is overloaded. Waiting costs
 * nothing.
 */
export class CallLimiter {
  readonly #clock: Pick<Clock, 'monotonic' | 'schedule'>;
  readonly #concurrency: number;
  readonly #queueLimit: number;
  readonly #intervalMs: number;
  readonly #queue = new Set<Waiter>();
  #active = 0;
  #nextStart = -Infinity;
  #cancelTimer: (() => void) | undefined;

  constructor(
    clock: Pick<Clock, 'monotonic' | 'schedule'>,
    { concurrency, queue, callsPerSecond }: ResolvedLimiterOptions,
  ) {
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
   * Waits for a slot; never rejects. Returns no promise if there is nothing to wait for. A waiter leaves the queue when
   * it is stopped.
   */
  acquire(stop: StopSignal): LimiterAdmission | Promise<LimiterAdmission> {
    if (stop.isStopped) return 'stopped';
    if (this.#queue.size === 0 && this.#ready()) {
      this.#begin();
      return 'admitted';
    }
    if (this.#queue.size >= this.#queueLimit) return 'full';
    return new Promise<LimiterAdmission>((resolve) => {
      const giveUp = () => {
        this.#queue.delete(waiter);
        resolve('stopped');
      };
      const waiter: Waiter = {
        start: () => {
          stop.offStop(giveUp);
          resolve('admitted');
        },
      };
      stop.onStop(giveUp);
      this.#queue.add(waiter);
      this.#pump();
    });
  }

  release(): void {
    this.#active -= 1;
    this.#pump();
  }

  #ready(): boolean {
    return this.#active < this.#concurrency && this.#clock.monotonic() >= this.#nextStart;
  }

  #begin(): void {
    this.#active += 1;
    if (this.#intervalMs > 0) this.#nextStart = Math.max(this.#nextStart, this.#clock.monotonic()) + this.#intervalMs;
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
      this.#cancelTimer = this.#clock.schedule(
        () => this.#pump(),
        Math.max(0, this.#nextStart - this.#clock.monotonic()),
      );
    }
  }
}
