import type { FlightSignals } from '../upstream/call.signals.js';
import { Stop, type StopReason } from '../upstream/stop.js';

/** One question under way in this process, with the callers that wait for its answer. */
export class Flight<T> {
  readonly #deadline = new Stop();
  readonly #unsent = new Stop();
  #waiters = 0;
  readonly promise: Promise<T>;

  constructor(
    /** When it is stopped at the latest, in monotonic milliseconds. */
    readonly endsAt: number,
    run: (flight: Flight<T>) => Promise<T>,
  ) {
    this.promise = run(this);
  }

  get signals(): FlightSignals {
    return { deadline: this.#deadline, unsent: this.#unsent };
  }

  /** Whether every caller has gone, so that nothing more is sent. */
  get isAbandoned(): boolean {
    return this.#unsent.isStopped;
  }

  /**
   * Waits for the answer. The caller's signal ends only this wait; other callers, and a call already sent, are not
   * affected.
   *
   * @param onAbort makes the error with which an aborted wait rejects
   */
  wait(signal: AbortSignal | undefined, onAbort: () => Error): Promise<T> {
    if (signal) return this.#waitUntil(signal, onAbort);
    this.#waiters = Infinity; // never aborts
    return this.promise;
  }

  async #waitUntil(signal: AbortSignal, onAbort: () => Error): Promise<T> {
    this.#waiters += 1;
    let leave: () => void = () => undefined;
    const aborted = new Promise<never>((_resolve, reject) => {
      leave = () => {
        // In the same step as the abort, so that the next caller sees that the flight is abandoned and does not join
        // it.
        this.#waiters -= 1;
        if (this.#waiters === 0) this.#unsent.stop('abandoned');
        reject(onAbort());
      };
      if (signal.aborted) leave();
      else signal.addEventListener('abort', leave, { once: true });
    });
    try {
      return await Promise.race([this.promise, aborted]);
    } finally {
      signal.removeEventListener('abort', leave);
    }
  }

  /** Stops the flight, and an exchange under way. */
  stop(reason: StopReason): void {
    this.#deadline.stop(reason);
    this.#unsent.stop(reason);
  }
}

/** The questions under way in this process. Equal questions share one flight. */
export class FlightRegistry<T> {
  readonly #flights = new Map<string, Flight<T>>();

  get(key: string): Flight<T> | undefined {
    return this.#flights.get(key);
  }

  has(key: string): boolean {
    return this.#flights.has(key);
  }

  start(key: string, endsAt: number, run: (flight: Flight<T>) => Promise<T>): Flight<T> {
    const flight = new Flight(endsAt, run);
    this.#flights.set(key, flight);
    const end = () => {
      if (this.#flights.get(key) === flight) this.#flights.delete(key);
    };
    // Also handles a rejection that nobody waits for, when every caller has gone.
    flight.promise.then(end, end);
    return flight;
  }

  get size(): number {
    return this.#flights.size;
  }

  /** Resolves when every flight under way now has ended, with or without an answer. */
  async settled(): Promise<void> {
    await Promise.allSettled([...this.#flights.values()].map(({ promise }) => promise));
  }

  stopAll(reason: StopReason): void {
    for (const flight of this.#flights.values()) flight.stop(reason);
  }
}
