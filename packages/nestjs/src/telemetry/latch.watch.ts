import type { LatchName } from '../errors/consequences.data.js';
import { dropFirst } from '../support/drop-first.js';

/** A latch that this process knows to be closed. */
interface ClosedLatch {
  readonly name: LatchName;
  /** By `performance.now()`. */
  readonly since: number;
}

/** The instance itself, which has no tenant's name. */
const OWN = '';
const MOST_SCOPES = 10_000;

/** Knows which latches are closed, as far as this process has seen, so that each change is reported once. */
export class LatchWatch {
  readonly #closed = new Map<string, ClosedLatch>();

  /** @returns whether that is news */
  close(tenant: string | undefined, name: LatchName): boolean {
    if (this.#closed.get(tenant ?? OWN)?.name === name) return false;
    this.#closed.set(tenant ?? OWN, { name, since: performance.now() });
    if (this.#closed.size > MOST_SCOPES) dropFirst(this.#closed);
    return true;
  }

  /** @returns the latch, if one was known to be closed */
  reopen(tenant: string | undefined): LatchName | undefined {
    const name = this.#closed.get(tenant ?? OWN)?.name;
    this.#closed.delete(tenant ?? OWN);
    return name;
  }

  /** Whether a latch was known to be closed already when a question began. */
  closedBefore(tenant: string | undefined, begun: number): boolean {
    const latch = this.#closed.get(tenant ?? OWN);
    return latch !== undefined && latch.since < begun;
  }

  /** Whether a latch of this name is closed for anybody. */
  isClosed(name: LatchName): boolean {
    for (const latch of this.#closed.values()) if (latch.name === name) return true;
    return false;
  }
}
