/** A journal that belongs to a pool. */
export interface PooledJournal {
  /** Number of kept entries. */
  readonly size: number;
  /** Removes the oldest entry. */
  evictOldest(): void;
}

/**
 * Limits the entries of all journals of a server. If the pool is full, the largest journal loses its oldest entry, so
 * that heavy traffic in one namespace does not evict the entries of others.
 */
export class JournalPool {
  readonly #limit: number;
  /** Journals by size, to find the largest without a scan. */
  readonly #bySize: (Set<PooledJournal> | undefined)[] = [];
  #used = 0;

  /** @param limit maximum number of entries in all journals */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Number of kept entries. */
  get used(): number {
    return this.#used;
  }

  /** Makes room for one entry. */
  makeRoom(): void {
    if (this.#used >= this.#limit) this.#fullest()?.evictOldest();
  }

  /** Updates the size of a journal. */
  resized(journal: PooledJournal, from: number, to: number): void {
    this.#used += to - from;
    const left = this.#bySize[from];
    if (left?.delete(journal) && left.size === 0) this.#bySize[from] = undefined;
    if (to > 0) (this.#bySize[to] ??= new Set()).add(journal);
  }

  #fullest(): PooledJournal | undefined {
    while (this.#bySize.length > 0) {
      const [first] = this.#bySize.at(-1) ?? [];
      if (first) return first;
      this.#bySize.pop();
    }
    return undefined;
  }
}
