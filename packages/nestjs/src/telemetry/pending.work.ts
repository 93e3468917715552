import type { Clock } from '../support/clock.js';

/** Counts what is under way, so that a shutdown can wait for it. Only counts: what never ends takes up no memory. */
export class PendingWork {
  #count = 0;
  #closed = false;
  #idle: () => void = () => undefined;

  /** @returns whether it is counted; only then must {@link ended} be called */
  begun(): boolean {
    if (!this.#closed) this.#count += 1;
    return !this.#closed;
  }

  ended(): void {
    this.#count -= 1;
    if (this.#count === 0) this.#idle();
  }

  /** Waits until everything that was counted has ended, for at most `timeoutMs`. Counts nothing from now on. */
  async drain(clock: Pick<Clock, 'schedule'>, timeoutMs: number): Promise<void> {
    this.#closed = true;
    if (this.#count === 0 || timeoutMs <= 0) return;
    await new Promise<void>((resolve) => {
      const cancelTimer = clock.schedule(resolve, timeoutMs);
      this.#idle = () => {
        cancelTimer();
        resolve();
      };
    });
  }
}
