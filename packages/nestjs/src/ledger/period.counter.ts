interface Count {
  calls: number;
  /** When it last changed, in monotonic milliseconds. */
  at: number;
}

const MOST_PERIODS = 8;

/**
 * Calls by period (days or months of the calendar), for a clock that may be set.
 *
 * Set back, the calls of the period that is now in the future still count, so that no spent budget opens again. Set
 * forward by mistake and corrected, they count until they are one period old, so that nothing of the mistake is left.
 */
export class PeriodCounter {
  readonly #counts = new Map<number, Count>();

  /** @param lengthMs longest that such a period is, in milliseconds */
  constructor(private readonly lengthMs: number) {}

  /** The calls that count against `period`. */
  calls(period: number, elapsed: number): number {
    let calls = 0;
    for (const [other, count] of this.#counts) {
      if (other === period || (other > period && elapsed - count.at < this.lengthMs)) calls += count.calls;
    }
    return calls;
  }

  add(period: number, calls: number, elapsed: number): void {
    const count = this.#counts.get(period);
    if (!count && calls < 0) return; // given back after the period was dropped
    this.#counts.delete(period); // to the end: the one changed longest ago is dropped first
    this.#counts.set(period, { calls: (count?.calls ?? 0) + calls, at: calls > 0 ? elapsed : (count?.at ?? elapsed) });
    if (this.#counts.size <= MOST_PERIODS) return;
    for (const oldest of this.#counts.keys()) {
      this.#counts.delete(oldest);
      return;
    }
  }
}
