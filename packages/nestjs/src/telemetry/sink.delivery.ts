import type { AuditEntry, AuditSink, EventSink, IdentityVerifyEvent } from './events.types.js';
import type { PendingWork } from './pending.work.js';

/** The functions of the application that receive reports. */
export interface Sinks {
  readonly audit: AuditSink | undefined;
  readonly onEvent: EventSink | undefined;
}

/**
 * Passes entries and events to the application's functions. A function may throw, reject, return a false promise or
 * change its argument: no verification fails, and the other function is not affected.
 */
export class SinkDelivery {
  readonly #sinks: Sinks;
  readonly #pending: PendingWork;
  readonly #failed: (sink: keyof Sinks) => void;

  /** `failed` must not throw. */
  constructor({ audit, onEvent }: Sinks, pending: PendingWork, failed: (sink: keyof Sinks) => void) {
    this.#sinks = { audit, onEvent };
    this.#pending = pending;
    this.#failed = failed;
  }

  /** Whether any function receives the ends of questions. */
  get takesEntries(): boolean {
    return this.#sinks.audit !== undefined || this.#sinks.onEvent !== undefined;
  }

  /** Passes the end of a question to both functions. */
  entry(entry: AuditEntry): void {
    const { audit, onEvent } = this.#sinks;
    if (audit) this.#deliver('audit', audit, onEvent ? copyOf(entry) : entry);
    if (onEvent) this.#deliver('onEvent', onEvent, entry);
  }

  /** Passes any other event. */
  event(event: IdentityVerifyEvent): void {
    const { onEvent } = this.#sinks;
    if (onEvent) this.#deliver('onEvent', onEvent, event);
  }

  #deliver<T>(sink: keyof Sinks, take: (value: T) => unknown, value: T): void {
    let result: unknown;
    try {
      result = take(value);
    } catch {
      this.#failed(sink);
      return;
    }
    if (typeof result === 'function' || (typeof result === 'object' && result !== null))
      void this.#settled(sink, result);
  }

  /** `await` reads and calls `then` once, of any thenable, and uses its first result only. */
  async #settled(sink: keyof Sinks, result: unknown): Promise<void> {
    const counted = this.#pending.begun();
    try {
      await result;
    } catch {
      this.#failed(sink);
    } finally {
      if (counted) this.#pending.ended();
    }
  }
}

function copyOf(entry: AuditEntry): AuditEntry {
  const { attempts } = entry;
  const copied = { ...entry, at: new Date(entry.at), phases: { ...entry.phases } };
  return attempts === undefined ? copied : { ...copied, attempts: structuredClone(attempts) };
}
