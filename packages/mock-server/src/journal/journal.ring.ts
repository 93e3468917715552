import type { Cost, JournalEntry } from './journal.types.js';

/** A call was journalled; `waitFor` listens to this. */
export type JournalListener = (entry: JournalEntry) => void;

/**
 * The last entries of a namespace, and what all of them cost. Bounded; what is evicted is counted, so that nothing is
 * asserted on a part as if it were the whole.
 */
export class JournalRing {
  readonly #capacity: number;
  #slots: JournalEntry[] = [];
  #total = 0;
  #calls = 0;
  #billed = 0;
  #unknown = 0;
  #fen = 0;
  #fenAtMost = 0;
  readonly #listeners = new Set<JournalListener>();

  /** @param capacity how many entries are kept; 0 keeps none and only counts */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get capacity(): number {
    return this.#capacity;
  }

  /** How many entries were journalled since the last reset. */
  get total(): number {
    return this.#total;
  }

  /** How many of them are gone. */
  get evicted(): number {
    return this.#total - this.#slots.length;
  }

  get cost(): Cost {
    return {
      calls: this.#calls,
      billed: this.#billed,
      unknown: this.#unknown,
      fen: this.#fen,
      fenAtMost: this.#fenAtMost,
    };
  }

  /** Keeps an entry, whose index must be `total + 1`. */
  append(entry: JournalEntry): void {
    this.#total++;
    if (entry.decidedBy !== 'trap') this.#calls++;
    if (entry.billed === 'yes') {
      this.#billed++;
      this.#fen += entry.fen;
    } else if (entry.billed === 'unknown') {
      this.#unknown++;
    }
    this.#fenAtMost += entry.fen;
    if (this.#capacity > 0) {
      if (this.#slots.length < this.#capacity) this.#slots.push(entry);
      else this.#slots[(this.#total - 1) % this.#capacity] = entry;
    }
    for (const listener of this.#listeners) listener(entry);
  }

  /** The entries that are still there, oldest first. */
  entries(): JournalEntry[] {
    if (this.#slots.length < this.#capacity || this.#capacity === 0) return [...this.#slots];
    const oldest = this.#total % this.#capacity;
    return [...this.#slots.slice(oldest), ...this.#slots.slice(0, oldest)];
  }

  /** Forgets everything. Listeners stay: who waits goes on waiting. */
  clear(): void {
    this.#slots = [];
    this.#total = this.#calls = this.#billed = this.#unknown = this.#fen = this.#fenAtMost = 0;
  }

  /** Calls back for every new entry. @returns a function that ends this */
  subscribe(listener: JournalListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
