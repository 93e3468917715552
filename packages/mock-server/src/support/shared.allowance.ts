/** A number of things that all namespaces, or all connections, of a server may hold together. */
export class SharedAllowance {
  readonly limit: number;
  #used = 0;

  constructor(limit: number) {
    this.limit = limit;
  }

  /** How many are held. */
  get used(): number {
    return this.#used;
  }

  /** Takes so many, or none. @returns whether there were as many */
  take(count: number): boolean {
    if (this.#used + count > this.limit) return false;
    this.#used += count;
    return true;
  }

  give(count: number): void {
    this.#used -= count;
  }
}
