import type { Cost, JournalEntry } from './journal.types.js';
import { JournalPool, type PooledJournal } from './journal.pool.js';

/** A call was journalled; `waitFor` listens to this. */
export type JournalListener = (entry: JournalEntry) => void;

/** How many gone entries may stand in front of the kept ones before the list is cut. */
const SLACK = 64;

/**
 * The last entries of a namespace, and what all of them cost. Bounded; what is evicted is counted, so that nothing is
 * asserted on a part as if it were the whole.
 */
export class JournalRing implements PooledJournal {
  readonly #capacity: number;
  readonly #pool: JournalPool;
  #slots: (JournalEntry | undefined)[] = [];
  /** Where the kept entries begin. */
  #head = 0;
  #closed = false;
  #total = 0;
  #calls = 0;
  #billed = 0;
  #unknown = 0;
  #fen = 0;
  #fenAtMost = 0;
  readonly #listeners = new Set<JournalListener>();

  /**
   * @param capacity how many entries are kept; 0 keeps none and only counts
   * @param pool what all journals of a server may keep together
   */
  constructor(capacity: number, pool = new JournalPool(Infinity)) {
    this.#capacity = capacity;
    this.#pool = pool;
  }

  get capacity(): number {
    return this.#capacity;
  }

  /** How many entries are kept. */
  get size(): number {
    return this.#slots.length - this.#head;
  }

  /** How many entries were journalled since the last reset. */
  get total(): number {
    return this.#total;
  }

  /** How many of them are gone. */
  get evicted(): number {
    return this.#total - this.size;
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
    if (this.#capacity > 0 && !this.#closed) this.#keep(entry);
    for (const listener of this.#listeners) listener(entry);
  }

  #keep(entry: JournalEntry): void {
    if (this.size === this.#capacity) {
      // One goes, one comes: the pool sees no change.
      this.#dropOldest();
    } else {
      this.#pool.makeRoom();
      this.#pool.resized(this, this.size, this.size + 1);
    }
    this.#slots.push(entry);
  }

  /** Forgets the oldest entry. */
  evictOldest(): void {
    if (this.size === 0) return;
    this.#pool.resized(this, this.size, this.size - 1);
    this.#dropOldest();
  }

  #dropOldest(): void {
    this.#slots[this.#head++] = undefined;
    if (this.#head < SLACK || this.#head * 2 < this.#slots.length) return;
    this.#slots = this.#slots.slice(this.#head);
    this.#head = 0;
  }

  /** The entries that are still there, oldest first. */
  entries(): JournalEntry[] {
    return this.#slots.slice(this.#head) as JournalEntry[];
  }

  /** Forgets everything. Listeners stay: who waits goes on waiting. */
  clear(): void {
    this.#empty();
    this.#total = this.#calls = this.#billed = this.#unknown = this.#fen = this.#fenAtMost = 0;
  }

  /** Gives every entry back to the pool and keeps no more: the namespace was dropped. */
  close(): void {
    this.#empty();
    this.#closed = true;
  }

  #empty(): void {
    this.#pool.resized(this, this.size, 0);
    this.#slots = [];
    this.#head = 0;
  }

  /** How many listen. */
  get listeners(): number {
    return this.#listeners.size;
  }

  /** Calls back for every new entry. @returns a function that ends this */
  subscribe(listener: JournalListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
