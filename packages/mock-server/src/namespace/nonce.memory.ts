/** Maximum nonces of one namespace. */
const MAX_PER_NAMESPACE = 100_000;

/** Maximum nonces of all namespaces of a server. */
const MAX_OVERALL = 200_000;

/** The nonce limit that the namespaces of a server share. */
export class NonceBudget {
  readonly #limit: number;
  readonly #holders = new Set<NonceMemory>();
  #used = 0;

  /** @param limit default 200,000 */
  constructor(limit = MAX_OVERALL) {
    this.#limit = limit;
  }

  /** Number of stored nonces. */
  get used(): number {
    return this.#used;
  }

  /** Takes one place. If none is free, first drops expired nonces of all namespaces. @returns false if none is free */
  take(holder: NonceMemory): boolean {
    if (this.#used >= this.#limit) for (const each of this.#holders) each.dropExpired();
    if (this.#used >= this.#limit) return false;
    this.#holders.add(holder);
    this.#used++;
    return true;
  }

  /** Returns places. */
  release(holder: NonceMemory, count: number): void {
    this.#used -= count;
    if (holder.size === 0) this.#holders.delete(holder);
  }
}

/** The used nonces. A nonce is accepted once within its validity. */
export class NonceMemory {
  /** Expiry times by nonce, in order of arrival. The order holds because the clock only moves forward. */
  readonly #usedUntil = new Map<string, number>();
  readonly #budget: NonceBudget;
  readonly #now: () => number;
  readonly #limit: number;

  /** @param limit maximum nonces of this namespace; default 100,000 */
  constructor(budget: NonceBudget, now: () => number, limit = MAX_PER_NAMESPACE) {
    this.#budget = budget;
    this.#now = now;
    this.#limit = limit;
  }

  /** Number of stored nonces, including expired ones. */
  get size(): number {
    return this.#usedUntil.size;
  }

  /** Marks a nonce as used. Returns `full` if there is no room for it. */
  use(nonce: string, validityMs: number): 'fresh' | 'used' | 'full' {
    this.dropExpired();
    if (this.#usedUntil.has(nonce)) return 'used';
    // Evicting a valid nonce to make room would allow its reuse.
    if (this.size >= this.#limit || !this.#budget.take(this)) return 'full';
    this.#usedUntil.set(nonce, this.#now() + validityMs);
    return 'fresh';
  }

  /** Removes expired nonces. */
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
