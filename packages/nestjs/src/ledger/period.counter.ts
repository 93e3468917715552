interface Count {
  calls: number;
  /** Time of the last change, in monotonic milliseconds. */
  at: number;
}

const MOST_PERIODS = 8;

/**
 * Counts calls per calendar period (days or months), for a clock that can be set.
 *
 * If the clock is set back, the calls of the period that is now in the future still count, so that a used-up budget
 * does not open again. If it was set forward by mistake and then corrected, those calls count for at most the length of
 * a period.
 */
export class PeriodCounter {
  /** In the order of their last change. */
  readonly #counts = new Map<number, Count>();
  /** The period that was changed last. */
  #latest = NaN;

  /** @param lengthMs maximum length of a period, in milliseconds */
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
    if (!count && calls < 0) return; // the period was dropped before this refund
    const counted = count ?? { calls: 0, at: elapsed };
    counted.calls += calls;
    if (calls > 0) counted.at = elapsed;
    if (period === this.#latest) return; // it is at the end, and to move it would cost more than to count
    this.#latest = period;
    this.#counts.delete(period); // moves it to the end: the period changed longest ago is dropped first
    this.#counts.set(period, counted);
    if (this.#counts.size <= MOST_PERIODS) return;
    for (const oldest of this.#counts.keys()) {
      this.#counts.delete(oldest);
      return;
    }
  }
}
