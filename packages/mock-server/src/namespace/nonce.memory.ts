/** The most nonces that one namespace remembers. */
const MAX_PER_NAMESPACE = 100_000;

/** The most nonces that all namespaces of a server remember together. */
const MAX_OVERALL = 200_000;

/** How many nonces the namespaces of a server may remember together. */
export class NonceBudget {
  readonly #limit: number;
  readonly #holders = new Set<NonceMemory>();
  #used = 0;

  /** @param limit default 200,000 */
  constructor(limit = MAX_OVERALL) {
    this.#limit = limit;
  }

  /** Nonces that are remembered. */
  get used(): number {
    return this.#used;
  }

  /** Takes one place. @returns false when there is none, also after what has expired elsewhere was dropped */
  take(holder: NonceMemory): boolean {
    if (this.#used >= this.#limit) for (const each of this.#holders) each.dropExpired();
    if (this.#used >= this.#limit) return false;
    this.#holders.add(holder);
    this.#used++;
    return true;
  }

  /** Gives places back. */
  release(holder: NonceMemory, count: number): void {
    this.#used -= count;
    if (holder.size === 0) this.#holders.delete(holder);
  }
}

/** The nonces that were used: each counts once within its validity. */
export class NonceMemory {
  /** Nonce → when it may be forgotten. In the order of arrival, and the clock only runs forward. */
  readonly #usedUntil = new Map<string, number>();
  readonly #budget: NonceBudget;
  readonly #now: () => number;
  readonly #limit: number;

  /** @param limit most nonces of this namespace; default 100,000 */
  constructor(budget: NonceBudget, now: () => number, limit = MAX_PER_NAMESPACE) {
    this.#budget = budget;
    this.#now = now;
    this.#limit = limit;
  }

  /** Nonces that are remembered, some of which may have expired. */
  get size(): number {
    return this.#usedUntil.size;
  }

  /** Marks a nonce as used. `full`: it is not marked, because there is no room for it. */
  use(nonce: string, validityMs: number): 'fresh' | 'used' | 'full' {
    this.dropExpired();
    if (this.#usedUntil.has(nonce)) return 'used';
    // Forgetting a valid nonce to make room would let it be used twice.
    if (this.size >= this.#limit || !this.#budget.take(this)) return 'full';
    this.#usedUntil.set(nonce, this.#now() + validityMs);
    return 'fresh';
  }

  /** Forgets what is no longer valid. */
  dropExpired(): void {
    const now = this.#now();
    let dropped = 0;
    for (const [old, until] of this.#usedUntil) {
      if (until > now) break;
      this.#usedUntil.delete(old);
      dropped++;
    }
    if (dropped > 0) this.#budget.release(this, dropped);
  }

  clear(): void {
    const { size } = this;
    this.#usedUntil.clear();
    if (size > 0) this.#budget.release(this, size);
  }
}
