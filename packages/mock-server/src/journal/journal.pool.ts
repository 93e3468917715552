/** What a pool knows of one of its journals. */
export interface PooledJournal {
  /** How many entries it keeps. */
  readonly size: number;
  /** Forgets the oldest of them. */
  evictOldest(): void;
}

/**
 * The entries that all journals of a server may keep together. When it is full, the fullest journal loses its oldest
 * entry, so that a flood in one namespace costs the others nothing until all are equally full.
 */
export class JournalPool {
  readonly #limit: number;
  /** Journals by their size, so that the fullest is found without looking at all of them. */
  readonly #bySize: (Set<PooledJournal> | undefined)[] = [];
  #used = 0;

  /** @param limit entries, over all journals */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Entries that are kept. */
  get used(): number {
    return this.#used;
  }

  /** Makes room for one more entry. */
  makeRoom(): void {
    if (this.#used >= this.#limit) this.#fullest()?.evictOldest();
  }

  /** A journal's size has changed. */
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
