/** The most nonces of one AppKey that are remembered: a flood must not fill the memory. */
const MAX_NONCES = 100_000;

/** The nonces that were used: each counts once within its validity. */
export class NonceMemory {
  /** Nonce → when it may be forgotten. In the order of arrival, and the clock only runs forward. */
  readonly #usedUntil = new Map<string, number>();

  /** Marks a nonce as used. @returns false when it was used already */
  use(nonce: string, now: number, validityMs: number): boolean {
    for (const [old, until] of this.#usedUntil) {
      if (until > now && this.#usedUntil.size < MAX_NONCES) break;
      this.#usedUntil.delete(old);
    }
    if (this.#usedUntil.has(nonce)) return false;
    this.#usedUntil.set(nonce, now + validityMs);
    return true;
  }

  clear(): void {
    this.#usedUntil.clear();
  }
}
