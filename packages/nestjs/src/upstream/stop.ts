/** The reason for which a call is stopped. */
export type StopReason = 'abandoned' | 'deadline' | 'closing';

/** Tells that a call must end. */
export interface StopSignal {
  readonly isStopped: boolean;
  /** Undefined until it is stopped. */
  readonly reason: StopReason | undefined;
  /** Calls the listener when it is stopped; at most once, and not if it is stopped already. A listener must not throw. */
  onStop(listener: () => void): void;
  /** Removes a listener. */
  offStop(listener: () => void): void;
}

/**
 * Stops a call once. An `AbortController` does the same for some microseconds and a few hundred bytes, and every call has
 * three; so one is made only for a transport of the application.
 */
export class Stop implements StopSignal {
  #reason: StopReason | undefined;
  /** A call has at most a few. */
  #listeners: (() => void)[] = [];

  get reason(): StopReason | undefined {
    return this.#reason;
  }

  get isStopped(): boolean {
    return this.#reason !== undefined;
  }

  onStop(listener: () => void): void {
    if (this.#reason === undefined) this.#listeners.push(listener);
  }

  offStop(listener: () => void): void {
    const at = this.#listeners.indexOf(listener);
    if (at >= 0) this.#listeners.splice(at, 1);
  }

  /** Calls the listeners, in the order in which they were added. Only the first call has an effect. */
  stop(reason: StopReason): void {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    const listeners = this.#listeners;
    this.#listeners = [];
    for (const listener of listeners) listener();
  }
}
