import type { LatchName } from '../errors/consequences.data.js';
import { dropFirst } from '../support/drop-first.js';

/** A closed latch, as seen by this process. */
interface ClosedLatch {
  readonly name: LatchName;
  /** Time of `performance.now()`. */
  readonly since: number;
}

/** Key of the instance itself. No tenant has an empty name. */
const OWN = '';
const MOST_SCOPES = 10_000;

/** Records the closed latches that this process has seen, so that each change is reported once. */
export class LatchWatch {
  readonly #closed = new Map<string, ClosedLatch>();

  /** @returns whether the latch was not known to be closed with this name */
  close(tenant: string | undefined, name: LatchName): boolean {
    if (this.#closed.get(tenant ?? OWN)?.name === name) return false;
    this.#closed.set(tenant ?? OWN, { name, since: performance.now() });
    if (this.#closed.size > MOST_SCOPES) dropFirst(this.#closed);
    return true;
  }

  /** @returns the latch that was known to be closed, if any */
  reopen(tenant: string | undefined): LatchName | undefined {
    const name = this.#closed.get(tenant ?? OWN)?.name;
    this.#closed.delete(tenant ?? OWN);
    return name;
  }

  /** Returns whether the latch was known to be closed before a question began. */
  closedBefore(tenant: string | undefined, begun: number): boolean {
    const latch = this.#closed.get(tenant ?? OWN);
    return latch !== undefined && latch.since < begun;
  }

  /** Returns whether a latch of this name is closed in any scope. */
  isClosed(name: LatchName): boolean {
    for (const latch of this.#closed.values()) if (latch.name === name) return true;
    return false;
  }
}
