import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { LATEST_MS, ClockRangeError, VirtualClock } from './virtual-clock.js';

const TEN_YEARS_MS = 315_619_200_000;
const START = 1_800_000_000_000;

describe('a virtual clock', () => {
  it.each([Number.NaN, Infinity, -Infinity, -1, 8.64e15, Number.MAX_SAFE_INTEGER, Number.MAX_VALUE])(
    'rejects an advance by %d and does not change',
    (ms) => {
      const clock = new VirtualClock(() => START);
      expect(() => clock.advance(ms)).toThrow(ClockRangeError);
      expect([clock.now(), clock.offsetMs]).toEqual([START, 0]);
    },
  );

  it('is always a valid date, after any number of advances', () => {
    const clock = new VirtualClock(() => START);
    let refused = 0;
    for (let call = 0; call < 30_000; call++) {
      try {
        clock.advance(TEN_YEARS_MS);
      } catch (error) {
        expect(error).toBeInstanceOf(ClockRangeError);
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(0);
    expect(new Date(clock.now()).toISOString()).toMatch(/^\d{4}-/);
  });

  it('stops at the end of the year 9999 while real time goes on, and continues after a reset', () => {
    let real = START;
    const clock = new VirtualClock(() => real);
    clock.advance(LATEST_MS - START);
    real += 1000;
    expect(new Date(clock.now()).toISOString()).toBe('9999-12-31T23:59:59.999Z');
    clock.reset();
    expect(clock.now()).toBe(real);
  });

  it('is a valid date after every series of advances', () => {
    fc.assert(
      fc.property(fc.array(fc.double(), { maxLength: 20 }), (steps) => {
        const clock = new VirtualClock(() => START);
        for (const step of steps) {
          const before = clock.now();
          try {
            clock.advance(step);
          } catch {
            expect(clock.now()).toBe(before);
          }
          expect(clock.now()).toBeGreaterThanOrEqual(before);
          expect(() => new Date(clock.now()).toISOString()).not.toThrow();
        }
      }),
    );
  });
});
