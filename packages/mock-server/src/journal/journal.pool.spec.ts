import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { JournalPool } from './journal.pool.js';
import { JournalRing } from './journal.ring.js';
import type { JournalEntry } from './journal.types.js';

const call = (ring: JournalRing) =>
  ring.append({ index: ring.total + 1, billed: 'yes', fen: 42, decidedBy: 'queue' } as JournalEntry);
const indexes = (ring: JournalRing) => ring.entries().map(({ index }) => index);

describe('the pool of journals', () => {
  it('stores no more entries than its size, in any order of calls, and evicts from the fullest journal', () => {
    const actions = fc.array(
      fc.record({ who: fc.nat({ max: 4 }), what: fc.constantFrom('call', 'call', 'call', 'clear', 'close') }),
      { maxLength: 200 },
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), actions, (limit, steps) => {
        const pool = new JournalPool(limit);
        const rings = Array.from({ length: 5 }, () => new JournalRing(8, pool));
        for (const { who, what } of steps) {
          const ring = rings[who] as JournalRing;
          const before = rings.map(({ size }) => size);
          if (what === 'call') call(ring);
          else ring[what as 'clear' | 'close']();
          const kept = rings.reduce((sum, { size }) => sum + size, 0);
          expect(kept).toBeLessThanOrEqual(limit);
          expect(pool.used).toBe(kept);
          const fullest = Math.max(...before);
          for (const [index, { size }] of rings.entries()) {
            if (rings[index] !== ring && size < (before[index] ?? 0)) expect(before[index]).toBe(fullest);
          }
          // A journal always keeps its latest entries.
          const [first = ring.total + 1] = indexes(ring);
          expect(indexes(ring)).toEqual(Array.from({ length: ring.size }, (_, i) => first + i));
          expect(ring.evicted).toBe(ring.total - ring.size);
        }
      }),
    );
  });

  it('evicts no entry of a quiet namespace during a flood in another', () => {
    const pool = new JournalPool(100);
    const [quiet, loud] = [new JournalRing(1000, pool), new JournalRing(1000, pool)];
    for (let i = 0; i < 20; i++) call(quiet);
    for (let i = 0; i < 5_000; i++) call(loud);
    expect([quiet.size, quiet.evicted, loud.size, loud.evicted]).toEqual([20, 0, 80, 4_920]);
  });

  it('is shared equally among flooded namespaces', () => {
    const pool = new JournalPool(100);
    const rings = Array.from({ length: 10 }, () => new JournalRing(1000, pool));
    for (let i = 0; i < 300; i++) for (const ring of rings) call(ring);
    expect(rings.map(({ size }) => size)).toEqual(Array.from({ length: 10 }, () => 10));
  });
});
