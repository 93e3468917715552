/**
 * Counts the instances of the module that use a ledger, and closes it when the application has stopped and the last of
 * them has drained. Nest calls the hook of a ledger before that of an instance if the instance is global.
 */
export class LedgerHolders {
  readonly #close: () => void;
  #count = 0;
  #isOver = false;

  constructor(close: () => void) {
    this.#close = close;
  }

  /** Keeps the ledger open until the returned function is called. */
  hold(): () => void {
    let isHeld = true;
    this.#count++;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.#count--;
      this.#closeIfFree();
    };
  }

  /** Closes the ledger as soon as nobody holds it. Does not wait for the holders, which may be told to stop after this. */
  end(): void {
    this.#isOver = true;
    this.#closeIfFree();
  }

  #closeIfFree(): void {
    if (this.#isOver && this.#count === 0) this.#close();
  }
}
