/** A limit that all namespaces, or all connections, of a server share. */
export class SharedAllowance {
  readonly limit: number;
  #used = 0;

  constructor(limit: number) {
    this.limit = limit;
  }

  /** The amount in use. */
  get used(): number {
    return this.#used;
  }

  /** Takes the whole amount or nothing. @returns true if it was available */
  take(count: number): boolean {
    if (this.#used + count > this.limit) return false;
    this.#used += count;
    return true;
  }

  give(count: number): void {
    this.#used -= count;
  }
}
