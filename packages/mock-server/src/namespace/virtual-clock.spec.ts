import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { LATEST_MS, ClockRangeError, VirtualClock } from './virtual-clock.js';

const TEN_YEARS_MS = 315_619_200_000;
const START = 1_800_000_000_000;

describe('a virtual clock', () => {
  it.each([Number.NaN, Infinity, -Infinity, -1, 8.64e15, Number.MAX_SAFE_INTEGER, Number.MAX_VALUE])(
    'refuses to advance by %d, and stays where it is',
    (ms) => {
      const clock = new VirtualClock(() => START);
      expect(() => clock.advance(ms)).toThrow(ClockRangeError);
      expect([clock.now(), clock.offsetMs]).toEqual([START, 0]);
    },
  );

  it('can always be written as a date, however often it is put forward', () => {
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

  it('stops at the end of the year 9999, though real time goes on, and a reset brings it back', () => {
    let real = START;
    const clock = new VirtualClock(() => real);
    clock.advance(LATEST_MS - START);
    real += 1000;
    expect(new Date(clock.now()).toISOString()).toBe('9999-12-31T23:59:59.999Z');
    clock.reset();
    expect(clock.now()).toBe(real);
  });

  it('holds a date for every series of advances', () => {
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
