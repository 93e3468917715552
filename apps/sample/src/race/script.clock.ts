import type { Clock } from '@identity-verify/nestjs';

/** A clock that runs `speed` times as fast as the machine's. The module and the script go by it. */
export class ScriptClock implements Clock {
  readonly #startedAt = Date.now();
  readonly #began = performance.now();

  /** @param speed script time per real time, above 0 */
  constructor(readonly speed: number) {}

  /** Milliseconds of the script since the start. */
  monotonic(): number {
    return (performance.now() - this.#began) * this.speed;
  }

  now(): number {
    return this.#startedAt + this.monotonic();
  }

  schedule(callback: () => void, ms: number): () => void {
    const timer = setTimeout(callback, ms / this.speed);
    return () => clearTimeout(timer);
  }

  /** Milliseconds of the script at a real time, such as that of a journal entry. @param date milliseconds since 1970 */
  at(date: number): number {
    return Math.max(0, (date - this.#startedAt) * this.speed);
  }

  /** Waits until a moment of the script. Ends early when the signal aborts. */
  until(atMs: number, signal: AbortSignal): Promise<void> {
    const waitMs = atMs - this.monotonic();
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
}
