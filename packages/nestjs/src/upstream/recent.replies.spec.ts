import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RecentReplies } from './recent.replies.js';

describe('RecentReplies', () => {
  it('detects a repeated id, ignoring case', () => {
    const replies = new RecentReplies();
    expect([replies.hasSeqNo('Ab1'), replies.hasSeqNo('Ab1'), replies.hasSeqNo('aB1')]).toEqual([false, true, true]);
    expect([replies.hasRequestId('Ab1'), replies.hasRequestId('Ab1')]).toEqual([false, true]);
  });

  it('remembers the most recent ids, up to its maximum', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.array(fc.integer({ min: 0, max: 15 })), (max, ids) => {
        const replies = new RecentReplies(max);
        // The model: the last `max` distinct IDs, by their first appearance since they were dropped.
        let known: number[] = [];
        for (const id of ids) {
          expect(replies.hasSeqNo(String(id))).toBe(known.includes(id));
          if (!known.includes(id)) known = [...known, id].slice(-max);
        }
      }),
    );
  });

  it('is shared per transport', () => {
    const [one, other] = [{}, {}];
    expect(RecentReplies.on(one).hasSeqNo('S')).toBe(false);
    expect(RecentReplies.on(other).hasSeqNo('S')).toBe(false);
    expect(RecentReplies.on(one).hasSeqNo('S')).toBe(true);
  });
});
