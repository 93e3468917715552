import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { JournalRing } from './journal.ring.js';
import type { JournalEntry } from './journal.types.js';

const entry = (index: number, billed: JournalEntry['billed'], fen: number) =>
  ({ index, billed, fen, decidedBy: 'queue' }) as JournalEntry;

describe('the journal ring', () => {
  it('keeps the last entries in order and counts all of them', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 0, max: 30 }), (capacity, calls) => {
        const ring = new JournalRing(capacity);
        for (let i = 1; i <= calls; i++) ring.append(entry(i, 'yes', 42));
        const kept = Math.min(capacity, calls);
        expect(ring.entries().map(({ index }) => index)).toEqual(
          Array.from({ length: kept }, (_, i) => calls - kept + i + 1),
        );
        expect(ring.evicted).toBe(calls - kept);
        expect(ring.cost).toEqual({ calls, billed: calls, unknown: 0, fen: 42 * calls, fenAtMost: 42 * calls });
      }),
    );
  });

  it('separates the certain cost from the possible cost', () => {
    const ring = new JournalRing(1);
    ring.append(entry(1, 'yes', 42));
    ring.append(entry(2, 'unknown', 42));
    ring.append(entry(3, 'no', 0));
    expect(ring.cost).toEqual({ calls: 3, billed: 1, unknown: 1, fen: 42, fenAtMost: 84 });
  });

  it('does not count a request in the trap as a call', () => {
    const ring = new JournalRing(5);
    ring.append({ ...entry(1, 'no', 0), decidedBy: 'trap' });
    expect(ring.cost.calls).toBe(0);
    expect(ring.total).toBe(1);
  });
});
