import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RecentReplies } from './recent.replies.js';

describe('RecentReplies', () => {
  it('detects a repeated id, ignoring case', () => {
    const replies = new RecentReplies();
    expect([replies.hasSeqNo('Ab1'), replies.hasSeqNo('Ab1'), replies.hasSeqNo('aB1')]).toEqual([false, true, true]);
    expect([replies.hasRequestId('Ab1'), replies.hasRequestId('Ab1')]).toEqual([false, true]);
  });

  it('remembers at least the most recent ids, and at most twice as many', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.array(fc.integer({ min: 0, max: 30 })), (least, ids) => {
        const replies = new RecentReplies(least);
        // Every id in the order in which it was last new.
        let fresh: number[] = [];
        for (const id of ids) {
          const isKnown = replies.hasSeqNo(String(id));
          if (fresh.slice(-least).includes(id)) expect(isKnown).toBe(true);
          if (!fresh.slice(-2 * least).includes(id)) expect(isKnown).toBe(false);
          if (!isKnown) fresh = [...fresh.filter((other) => other !== id), id];
        }
      }),
    );
  });

  it('forgets the older half when the younger one is full', () => {
    const replies = new RecentReplies(2);
    const isKnown = (id: string) => replies.hasSeqNo(id);
    expect(['a', 'b', 'c', 'd'].map(isKnown)).toEqual([false, false, false, false]);
    expect(['a', 'b', 'c', 'd'].map(isKnown)).toEqual([true, true, true, true]);
    expect(isKnown('e')).toBe(false); // c and d are the older half now
    expect(['c', 'd', 'e', 'a'].map(isKnown)).toEqual([true, true, true, false]);
  });

  it('is shared per transport', () => {
    const [one, other] = [{}, {}];
    expect(RecentReplies.on(one).hasSeqNo('S')).toBe(false);
    expect(RecentReplies.on(other).hasSeqNo('S')).toBe(false);
    expect(RecentReplies.on(one).hasSeqNo('S')).toBe(true);
  });
});
