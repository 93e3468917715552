import { describe, expect, it } from '@jest/globals';
import { PeriodCounter } from './period.counter.js';

const open = () => new PeriodCounter(1_000);

describe('the calls of a period', () => {
  it('are those added, less those refunded', () => {
    const counter = open();
    counter.add(5, 1, 0);
    counter.add(5, 1, 0);
    expect(counter.calls(5, 0)).toBe(2);
    counter.add(5, -1, 0);
    expect(counter.calls(5, 0)).toBe(1);
    expect(open().calls(5, 0)).toBe(0);
  });

  it('do not count against a later period', () => {
    const counter = open();
    counter.add(5, 1, 0);
    expect(counter.calls(6, 0)).toBe(0);
  });

  it('count against an earlier period, to which the clock was set back, for the length of one', () => {
    const counter = open();
    counter.add(5, 1, 100);
    counter.add(4, 1, 100);
    expect(counter.calls(4, 1_099)).toBe(2);
    expect(counter.calls(4, 1_100)).toBe(1);
    expect(counter.calls(5, 1_000_000)).toBe(1);
  });

  it('count for the length of a period from the last call, whatever was refunded since', () => {
    const counter = open();
    counter.add(5, 1, 0);
    counter.add(5, 1, 600);
    counter.add(5, -1, 900);
    expect(counter.calls(4, 1_599)).toBe(1);
    expect(counter.calls(4, 1_600)).toBe(0);
  });
});

describe('the periods that are kept', () => {
  const addedTo = (...periods: readonly number[]) => {
    const counter = open();
    for (const period of periods) counter.add(period, 1, 0);
    return counter;
  };

  it('are eight, and the one changed longest ago is dropped first', () => {
    const counter = addedTo(1, 2, 3, 4, 5, 6, 7, 8);
    expect(counter.calls(1, 0)).toBe(8);
    counter.add(1, 1, 0);
    counter.add(9, 1, 0);
    expect(counter.calls(2, 9_999)).toBe(0);
    expect(counter.calls(1, 9_999)).toBe(2);
    expect(counter.calls(3, 9_999)).toBe(1);
  });

  it('do not include one that was dropped before its refund', () => {
    const counter = addedTo(1, 2, 3, 4, 5, 6, 7, 8, 9);
    counter.add(1, -1, 0);
    expect(counter.calls(1, 9_999)).toBe(0);
    expect(counter.calls(2, 9_999)).toBe(1);
  });
});
