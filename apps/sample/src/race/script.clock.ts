import type { Clock } from '@identity-verify/nestjs';

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

/** Real time between two steps of the clock, in milliseconds. */
const STEP_MS = 10;

/** The real time that one step counts at the most: while this process does not run, the script does not go on. */
const MAX_STEP_MS = 30;

/**
 * The clock of a script, by which the script, the module and the time-out of the naive client go: `speed` times as fast
 * as real time, and never ahead of the machine. It slows down when this process or the mock does, so that nothing times
 * out that would not at real speed, and a race on a slow machine has the same figures.
 */
export class ScriptClock implements Clock {
  readonly #startedAt = Date.now();
  #ms = 0;
  #limit: number;
  #last = performance.now();
  #timers: Timer[] = [];
  /** Real and script time of each step, oldest first. */
  readonly #steps: [date: number, ms: number][] = [];
  readonly #ticking: ReturnType<typeof setInterval>;

  /**
   * @param speed script time per real time, above 0
   * @param grantedMs how far the clock runs before the first {@link grant}. @default without end
   */
  constructor(
    readonly speed: number,
    grantedMs = Infinity,
  ) {
    this.#limit = grantedMs;
    this.#ticking = setInterval(() => this.#step(), STEP_MS);
  }

  /** Lets the clock run for so long from now. Called when the mock has answered. */
  grant(ms: number): void {
    this.#limit = this.#ms + ms;
  }

  /** Milliseconds of the script since the start. */
  monotonic(): number {
    return this.#ms;
  }

  now(): number {
    return this.#startedAt + this.#ms;
  }

  schedule(callback: () => void, ms: number): () => void {
    const timer = { at: this.#ms + ms, callback };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((each) => each !== timer);
    };
  }

  /** The moment of the script at a real time, such as that of a journal entry. @param date milliseconds since 1970 */
  at(date: number): number {
    let [least, most] = [0, this.#steps.length];
    while (least < most) {
      const middle = (least + most) >> 1;
      if (this.#steps[middle]![0] <= date) least = middle + 1;
      else most = middle;
    }
    const [stepDate, stepMs] = this.#steps[least - 1] ?? [date, 0];
    const nextMs = this.#steps[least]?.[1] ?? this.#ms;
    return Math.min(stepMs + (date - stepDate) * this.speed, nextMs);
  }

  /** Waits until a moment of the script. Ends early when the signal aborts. */
  until(atMs: number, signal: AbortSignal): Promise<void> {
    const waitMs = atMs - this.#ms;
    if (waitMs <= 0 || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const done = () => {
        cancel();
        signal.removeEventListener('abort', done);
        resolve();
      };
      const cancel = this.schedule(done, waitMs);
      signal.addEventListener('abort', done, { once: true });
    });
  }

  /** Stops the clock. Timers no longer fire. */
  stop(): void {
    clearInterval(this.#ticking);
    this.#timers = [];
  }

  #step(): void {
    const now = performance.now();
    const elapsedMs = Math.min(now - this.#last, MAX_STEP_MS);
    this.#last = now;
    this.#ms = Math.max(this.#ms, Math.min(this.#ms + elapsedMs * this.speed, this.#limit));
    this.#steps.push([Date.now(), this.#ms]);
    const due = this.#timers.filter(({ at }) => at <= this.#ms).sort((one, other) => one.at - other.at);
    this.#timers = this.#timers.filter(({ at }) => at > this.#ms);
    for (const { callback } of due) callback();
  }
}
