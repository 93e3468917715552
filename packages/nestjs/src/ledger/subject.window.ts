import { dropFirst } from './drop-first.js';

/** Most questions that are linked to one subject; reached only where the application has set no subject limit. */
const MOST_QUESTIONS = 1_000;

/**
 * Which different questions were tried for one ID number or one mobile. Bounded by the limit itself: beyond it no
 * further question is let in.
 */
export class SubjectWindow {
  readonly #asked = new Map<string, number>();

  /** How long the question must wait, in milliseconds; 0 when it may be asked. A question asked before may be again. */
  waitFor(question: string, limit: number, windowMs: number, now: number): number {
    this.#expire(windowMs, now);
    if (this.#asked.has(question) || this.#asked.size < limit) return 0;
    const [oldest = now] = this.#asked.values();
    return Math.max(1, oldest + windowMs - now);
  }

  add(question: string, now: number): void {
    this.#asked.delete(question); // to the end: the map stays in the order of time
    this.#asked.set(question, now);
    if (this.#asked.size > MOST_QUESTIONS) dropFirst(this.#asked);
  }

  /** The questions that were asked, for erasing them with the person. */
  questions(): IterableIterator<string> {
    return this.#asked.keys();
  }

  isEmpty(windowMs: number, now: number): boolean {
    this.#expire(windowMs, now);
    return this.#asked.size === 0;
  }

  #expire(windowMs: number, now: number): void {
    for (const [question, at] of this.#asked) {
      if (now - at < windowMs) return;
      this.#asked.delete(question);
    }
  }
}
