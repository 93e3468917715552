import type { Clock } from '../support/clock.js';

/**
 * Counts work under way, so that a shutdown can wait for it. It holds no references: work that never ends uses no
 * memory.
 */
export class PendingWork {
  #count = 0;
  #closed = false;
  #idle: () => void = () => undefined;

  /** @returns whether the work is counted; only then call {@link ended} */
  begun(): boolean {
    if (!this.#closed) this.#count += 1;
    return !this.#closed;
  }

  ended(): void {
    this.#count -= 1;
    if (this.#count === 0) this.#idle();
  }

  /** Waits until all counted work has ended, for at most `timeoutMs`. Counts nothing after this. */
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
