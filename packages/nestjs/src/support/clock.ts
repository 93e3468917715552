/** The source of time and timers. Tests replace it by a clock that they move themselves. */
export interface Clock {
  /** Milliseconds since the epoch: calendar time, for budgets, dates of birth and display. It can be set back. */
  now(): number;
  /** Milliseconds since an arbitrary point; never decreases. For lifetimes, leases, latches and waits. */
  monotonic(): number;
  /**
   * Calls `callback` once after `ms` milliseconds. The returned function cancels the timer.
   *
   * @param isBackground the timer must not keep the process alive. @default false
   */
  schedule(callback: () => void, ms: number, isBackground?: boolean): () => void;
}

/** The machine's clock. */
export const systemClock: Clock = {
  now: Date.now,
  monotonic: () => performance.now(),
  schedule(callback, ms, isBackground = false) {
    const timer = setTimeout(callback, ms);
    if (isBackground) timer.unref();
    return () => clearTimeout(timer);
  },
};

const SHANGHAI_OFFSET_MS = 8 * 3_600_000; // UTC+8 all year: China has had no daylight saving time since 1991.
const DAY_MS = 86_400_000;

/** Days since the epoch in Asia/Shanghai: the period of a day budget. */
export function shanghaiDay(now: number): number {
  return Math.floor((now + SHANGHAI_OFFSET_MS) / DAY_MS);
}

/** Months since year 0 in Asia/Shanghai: the period of a month budget. */
export function shanghaiMonth(now: number): number {
  const date = new Date(now + SHANGHAI_OFFSET_MS);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

let cachedDay = NaN;
let cachedDate = 0;

/** Today in Asia/Shanghai as a number `yyyymmdd`. */
export function shanghaiDate(now: number): number {
  const day = shanghaiDay(now);
  if (day !== cachedDay) {
    const date = new Date(now + SHANGHAI_OFFSET_MS);
    cachedDay = day;
    cachedDate = date.getUTCFullYear() * 10_000 + (date.getUTCMonth() + 1) * 100 + date.getUTCDate();
  }
  return cachedDate;
}

/** Milliseconds until the next day begins in Asia/Shanghai. */
export function msToNextShanghaiDay(now: number): number {
  return (shanghaiDay(now) + 1) * DAY_MS - SHANGHAI_OFFSET_MS - now;
}

/** Milliseconds until the next month begins in Asia/Shanghai. */
export function msToNextShanghaiMonth(now: number): number {
  const month = shanghaiMonth(now) + 1;
  return Date.UTC(Math.floor(month / 12), month % 12) - SHANGHAI_OFFSET_MS - now;
}
