/** One question under way in this process, and everybody who waits for its answer. */
export class Flight<T> {
  readonly #unsent = new AbortController();
  #waiters = 0;
  readonly promise: Promise<T>;

  /** `run` gets the controller of what has not been sent: it aborts when nobody waits any longer. */
  constructor(run: (unsent: AbortController) => Promise<T>) {
    this.promise = run(this.#unsent);
    // When everybody has gone, nobody is left to handle a rejection.
    this.promise.catch(() => undefined);
  }

  /**
   * Waits for the answer. The caller's signal ends only this wait; the others, and a call that was sent, go on.
   *
   * @param onAbort makes the error with which a wait that was given up rejects
   */
  async wait(signal: AbortSignal | undefined, onAbort: () => Error): Promise<T> {
    if (!signal) {
      this.#waiters = Infinity; // this one never leaves
      return this.promise;
    }
    this.#waiters += 1;
    let leave: (() => void) | undefined;
    const aborted = new Promise<never>((_resolve, reject) => {
      leave = () => reject(onAbort());
      signal.addEventListener('abort', leave, { once: true });
      if (signal.aborted) leave();
    });
    try {
      return await Promise.race([this.promise, aborted]);
    } finally {
      if (leave) signal.removeEventListener('abort', leave);
      this.#waiters -= 1;
      if (this.#waiters === 0) this.#unsent.abort();
    }
  }

  /** Ends what has not been sent yet. */
  abandon(): void {
    this.#unsent.abort();
  }
}

/** The questions under way in this process: the same one is asked once. */
export class FlightRegistry<T> {
  readonly #flights = new Map<string, Flight<T>>();

  get(key: string): Flight<T> | undefined {
    return this.#flights.get(key);
  }

  start(key: string, run: (unsent: AbortController) => Promise<T>): Flight<T> {
    const flight = new Flight(run);
    this.#flights.set(key, flight);
    const end = () => {
      if (this.#flights.get(key) === flight) this.#flights.delete(key);
    };
    flight.promise.then(end, end);
    return flight;
  }

  get size(): number {
    return this.#flights.size;
  }

  /** Resolves when everything that is under way now has ended, one way or another. */
  async settled(): Promise<void> {
    await Promise.allSettled([...this.#flights.values()].map(({ promise }) => promise));
  }

  abandonAll(): void {
    for (const flight of this.#flights.values()) flight.abandon();
  }
}
