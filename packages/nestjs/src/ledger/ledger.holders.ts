import type { Awaitable } from './ledger.port.js';

/**
 * Counts the instances of the module that use a ledger, and closes it when the application has stopped and the last of
 * them has drained. Nest calls the hook of a ledger before that of an instance if the instance is global. For a ledger
 * that implements `hold`.
 */
export class LedgerHolders {
  readonly #close: () => Awaitable<void>;
  #count = 0;
  #isOver = false;

  /** @param close closes the ledger; called once nobody holds it any more */
  constructor(close: () => Awaitable<void>) {
    this.#close = close;
  }

  /** Keeps the ledger open until the returned function is called. */
  hold(): () => Promise<void> {
    let isHeld = true;
    this.#count++;
    return async () => {
      if (!isHeld) return;
      isHeld = false;
      this.#count--;
      await this.#closeIfFree();
    };
  }

  /** Closes the ledger as soon as nobody holds it. Does not wait for the holders, which may be told to stop after this. */
  async end(): Promise<void> {
    this.#isOver = true;
    await this.#closeIfFree();
  }

  async #closeIfFree(): Promise<void> {
    if (this.#isOver && this.#count === 0) await this.#close();
  }
}
