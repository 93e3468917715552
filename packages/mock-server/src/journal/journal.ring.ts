import type { Cost, JournalEntry } from './journal.types.js';
import { JournalPool, type PooledJournal } from './journal.pool.js';

/** Event for each recorded entry; `check` with `waitMs` listens to it. */
export type JournalListener = (entry: JournalEntry) => void;

/** Number of evicted entries at the front of the list before it is compacted. */
const SLACK = 64;

/**
 * The latest entries of a namespace, and the cost of all entries. Its size is bounded. It counts evicted entries, so
 * that an assertion on an incomplete journal can be refused.
 */
export class JournalRing implements PooledJournal {
  readonly #capacity: number;
  readonly #pool: JournalPool;
  #slots: (JournalEntry | undefined)[] = [];
  /** Index of the first kept entry. */
  #head = 0;
  #closed = false;
  #total = 0;
  #calls = 0;
  #billed = 0;
  #unknown = 0;
  #fen = 0;
  #fenAtMost = 0;
  #lastAt: string | undefined;
  readonly #listeners = new Set<JournalListener>();

  /**
   * @param capacity maximum number of entries; 0 only counts
   * @param pool the limit that all journals of a server share
   */
  constructor(capacity: number, pool = new JournalPool(Infinity)) {
    this.#capacity = capacity;
    this.#pool = pool;
  }

  get capacity(): number {
    return this.#capacity;
  }

  /** Number of kept entries. */
  get size(): number {
    return this.#slots.length - this.#head;
  }

  /** Number of entries recorded since the last reset. */
  get total(): number {
    return this.#total;
  }

  /** Number of evicted entries. */
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

  /** Time of the latest entry since the last reset, ISO 8601, also if it is no longer kept. */
  get lastAt(): string | undefined {
    return this.#lastAt;
  }

  /** Adds an entry. Its index must be `total + 1`. */
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
    this.#lastAt = entry.at;
    if (this.#capacity > 0 && !this.#closed) this.#keep(entry);
    for (const listener of this.#listeners) listener(entry);
  }

  #keep(entry: JournalEntry): void {
    if (this.size === this.#capacity) {
      // One entry replaces another, so the size in the pool does not change.
      this.#dropOldest();
    } else {
      this.#pool.makeRoom();
      this.#pool.resized(this, this.size, this.size + 1);
    }
    this.#slots.push(entry);
  }

  /** Removes the oldest entry. */
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

  /** The kept entries, oldest first. */
  entries(): JournalEntry[] {
    return this.#slots.slice(this.#head) as JournalEntry[];
  }

  /** Removes all entries. Listeners remain registered. */
  clear(): void {
    this.#empty();
    this.#total = this.#calls = this.#billed = this.#unknown = this.#fen = this.#fenAtMost = 0;
    this.#lastAt = undefined;
  }

  /** Returns all entries to the pool and keeps no more. Called when the namespace is dropped. */
  close(): void {
    this.#empty();
    this.#closed = true;
  }

  #empty(): void {
    this.#pool.resized(this, this.size, 0);
    this.#slots = [];
    this.#head = 0;
  }

  /** Number of listeners. */
  get listeners(): number {
    return this.#listeners.size;
  }

  /** Calls back for every new entry. @returns a function that removes the listener */
  subscribe(listener: JournalListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
