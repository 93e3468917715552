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
  readonly #counts = new Map<number, Count>();

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
    this.#counts.delete(period); // moves it to the end: the period changed longest ago is dropped first
    this.#counts.set(period, { calls: (count?.calls ?? 0) + calls, at: calls > 0 ? elapsed : (count?.at ?? elapsed) });
    if (this.#counts.size <= MOST_PERIODS) return;
    for (const oldest of this.#counts.keys()) {
      this.#counts.delete(oldest);
      return;
    }
  }
}
