import { describe, expect, it } from '@jest/globals';
import { ScriptClock } from './script.clock.js';

const never = new AbortController().signal;

async function withClock(grantedMs: number, work: (clock: ScriptClock) => Promise<void>): Promise<void> {
  const clock = new ScriptClock(1_000, grantedMs);
  try {
    await work(clock);
  } finally {
    clock.stop();
  }
}

describe('the clock of a script', () => {
  it('runs timers in order, and none that was cancelled', () =>
    withClock(Infinity, async (clock) => {
      const ran: number[] = [];
      const cancel = clock.schedule(() => ran.push(1), 100);
      clock.schedule(() => ran.push(3), 300);
      clock.schedule(() => ran.push(2), 200);
      cancel();
      await clock.until(400, never);
      expect(ran).toEqual([2, 3]);
      expect(clock.monotonic()).toBeGreaterThanOrEqual(400);
    }));

  it('waits at the end of what it was granted, and goes on when more is granted', () =>
    withClock(500, async (clock) => {
      await clock.until(500, never);
      const further = clock.until(501, never);
      // Steps of the machine's time go by without one of the script.
      await new Promise((resolve) => setImmediate(resolve));
      expect(clock.monotonic()).toBe(500);
      clock.grant(1_000);
      await further;
      expect(clock.monotonic()).toBeLessThanOrEqual(1_500);
    }));

  it('knows the moment of the script at a real time, in the order of time', () =>
    withClock(Infinity, async (clock) => {
      const before = Date.now();
      await clock.until(3_000, never);
      const [first, last] = [clock.at(before), clock.at(Date.now())];
      expect(first).toBeLessThanOrEqual(last);
      expect(last).toBeLessThanOrEqual(clock.monotonic());
      expect(clock.at(0)).toBe(0);
    }));

  it('lets go of who waits when the signal aborts', () =>
    withClock(0, async (clock) => {
      const stop = new AbortController();
      const waiting = clock.until(1, stop.signal);
      stop.abort();
      await expect(waiting).resolves.toBeUndefined();
    }));
});
