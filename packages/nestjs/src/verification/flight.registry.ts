import type { FlightSignals, StopReason } from '../upstream/call.signals.js';

/** One question under way in this process, and everybody who waits for its answer. */
export class Flight<T> {
  readonly #deadline = new AbortController();
  readonly #unsent = new AbortController();
  #waiters = 0;
  readonly promise: Promise<T>;

  constructor(run: (flight: Flight<T>) => Promise<T>) {
    this.promise = run(this);
    // When everybody has gone, nobody is left to handle a rejection.
    this.promise.catch(() => undefined);
  }

  get signals(): FlightSignals {
    return { deadline: this.#deadline.signal, unsent: this.#unsent.signal };
  }

  /** Whether everybody who waited has gone, so that nothing more is sent. */
  get isAbandoned(): boolean {
    return this.#unsent.signal.aborted;
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
      leave = () => {
        // In the same step as the abort: whoever comes next sees a flight that is abandoned, and does not count on it.
        this.#waiters -= 1;
        if (this.#waiters === 0) this.#unsent.abort('abandoned' satisfies StopReason);
        reject(onAbort());
      };
      if (signal.aborted) leave();
      else signal.addEventListener('abort', leave, { once: true });
    });
    try {
      return await Promise.race([this.promise, aborted]);
    } finally {
      if (leave) signal.removeEventListener('abort', leave);
    }
  }

  /** Ends the flight, and an exchange that is under way with it. */
  stop(reason: StopReason): void {
    this.#deadline.abort(reason);
    this.#unsent.abort(reason);
  }
}

/** The questions under way in this process: the same one is asked once. */
export class FlightRegistry<T> {
  readonly #flights = new Map<string, Flight<T>>();

  get(key: string): Flight<T> | undefined {
    return this.#flights.get(key);
  }

  start(key: string, run: (flight: Flight<T>) => Promise<T>): Flight<T> {
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

  stopAll(reason: StopReason): void {
    for (const flight of this.#flights.values()) flight.stop(reason);
  }
}
