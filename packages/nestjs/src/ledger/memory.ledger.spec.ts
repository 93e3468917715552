import { describe, expect, it } from '@jest/globals';
import { ledgerConformance } from '../testing/ledger.conformance.js';
import { ManualClock } from '../testing/manual.clock.js';
import type { ClaimRequest, ForgetRequest, LedgerAnswer, Settlement } from './ledger.port.js';
import { MemoryLedger } from './memory.ledger.js';

function open(maxEntries?: number) {
  const clock = new ManualClock();
  const ledger = new MemoryLedger({ clock, ...(maxEntries && { maxEntries }) });
  return { ledger, clock, now: clock.now, advance: (ms: number) => clock.advance(ms) };
}

const claim = (key: string, overrides: Partial<ClaimRequest> = {}): ClaimRequest => ({
  scope: 's',
  keys: [key],
  idKeys: [`i-${key}`],
  mobileKeys: [`m-${key}`],
  owner: key,
  leaseMs: 1_000,
  doubtMs: 1_000,
  maxAgeMs: undefined,
  repeatInDoubt: false,
  budget: {},
  subjectLimit: undefined,
  ...overrides,
});
const answer = (key: string, now: number, ttlMs = 60_000): Settlement => ({
  scope: 's',
  key,
  owner: key,
  result: {
    kind: 'answered',
    answer: { outcome: 'match', code: '10000', billed: 'yes', answeredAt: now },
    ttlMs,
    charged: true,
  },
});

describe('MemoryLedger', () => {
  describe('conforms to the port', () => {
    it.each(ledgerConformance)('$title', ({ run }) => run(open()));
  });

  describe('keeps at most maxEntries answers', () => {
    const full = (entries: number) => {
      const { ledger, now } = open(entries);
      const keep = (key: string) => {
        ledger.claim(claim(key));
        ledger.settle(answer(key, now()));
      };
      for (let i = 0; i < entries; i++) keep(`old ${i}`);
      return { ledger, keep, has: (i: number) => ledger.peek([`old ${i}`]) !== undefined };
    };

    it('and drops the oldest one', () => {
      const { keep, has } = full(3);
      keep('new');
      expect([0, 1, 2].map(has)).toEqual([false, true, true]);
    });

    it('and passes over those that were used since, once for all their uses', () => {
      const { ledger, keep, has } = full(3);
      for (let i = 0; i < 10; i++) expect(ledger.claim(claim('old 0')).verdict).toBe('hit');
      keep('new 1'); // passes over 0, and drops 1
      keep('new 2');
      expect(ledger.peek(['new 1'])).toBeDefined();
      keep('new 3'); // passes over new 1, and drops 0
      expect([0, 1, 2].map(has)).toEqual([false, false, false]);
      expect(ledger.peek(['new 1'])).toBeDefined();
    });

    it.each([1, 2, 3, 64, 65])(
      'and never drops the one that was just paid for, even if all %i others are in use',
      (entries) => {
        const { ledger, keep } = full(entries);
        for (let i = 0; i < entries; i++) ledger.peek([`old ${i}`]);
        for (const key of ['new 1', 'new 2']) {
          keep(key);
          expect(ledger.peek([key])).toBeDefined();
        }
      },
    );

    it('and drops a used one rather than pass over more than 64', () => {
      const { ledger, keep, has } = full(100);
      for (let i = 0; i < 100; i++) ledger.peek([`old ${i}`]);
      keep('new');
      expect([63, 64, 65].map(has)).toEqual([true, false, true]);
    });
  });

  it('refuses claims when full of open questions, until some have expired', async () => {
    const { ledger, advance } = open(2);
    ledger.claim(claim('a'));
    ledger.claim(claim('b'));
    expect(ledger.claim(claim('c'))).toEqual({ verdict: 'refused', reason: 'capacity', retryAfterMs: 1_000 });
    await advance(2_000);
    expect(ledger.claim(claim('c')).verdict).toBe('granted');
  });

  it('does not keep an answer with lifetime 0', () => {
    const { ledger, now } = open();
    ledger.claim(claim('a'));
    ledger.settle(answer('a', now(), 0));
    expect(ledger.claim(claim('a')).verdict).toBe('granted');
  });

  it('does not reopen a used-up budget when the clock jumps back over midnight and forward again', () => {
    const { ledger, clock } = open();
    const budget = { callsPerDay: 1, callsPerMonth: 5 };
    expect(ledger.claim(claim('a', { budget })).verdict).toBe('granted');
    clock.jump(-86_400_000);
    expect(ledger.claim(claim('b', { budget })).verdict).toBe('refused');
    clock.jump(86_400_000);
    expect(ledger.claim(claim('b', { budget })).verdict).toBe('refused');
  });

  it('sets no timer', () => {
    const { ledger, clock, now } = open();
    for (let i = 0; i < 100; i++) {
      ledger.claim(claim(`k${i}`));
      ledger.settle(answer(`k${i}`, now()));
    }
    expect(clock.pending).toBe(0);
  });

  it('drops expired subject windows', async () => {
    const { ledger, advance } = open(2);
    const subjectLimit = { perIdNumber: 1, perMobile: 1, windowMs: 1_000 };
    for (let i = 0; i < 20; i++) {
      const { verdict } = ledger.claim(claim(`k${i}`, { subjectLimit, leaseMs: 10, doubtMs: 10 }));
      expect(verdict).toBe('granted');
      await advance(600);
    }
    expect(ledger.claim(claim('other', { idKeys: ['i-k19'], subjectLimit })).verdict).toBe('refused');
    expect(ledger.claim(claim('other', { idKeys: ['i-k0'], mobileKeys: ['m-k0'], subjectLimit })).verdict).toBe(
      'granted',
    );
  });

  it('refuses new subjects instead of dropping a live window', () => {
    const { ledger, now } = open(2);
    const subjectLimit = { perIdNumber: 1, perMobile: 10, windowMs: 1_000 };
    ledger.claim(claim('guess', { subjectLimit }));
    ledger.settle(answer('guess', now(), 0));
    // Many other people, settled at once with lifetime 0, so that only their windows are kept.
    for (let i = 0; i < 50; i++) {
      if (ledger.claim(claim(`k${i}`, { subjectLimit })).verdict === 'granted')
        ledger.settle(answer(`k${i}`, now(), 0));
    }
    expect(ledger.claim(claim('new', { subjectLimit }))).toMatchObject({ verdict: 'refused', reason: 'capacity' });
    const again = claim('another guess', { idKeys: ['i-guess'], subjectLimit });
    expect(ledger.claim(again)).toMatchObject({ verdict: 'refused', reason: 'subject_id_number' });
  });

  it('frees the space of windows that expire in any order', async () => {
    const { ledger, now, advance } = open(2);
    const limit = (windowMs: number) => ({ subjectLimit: { perIdNumber: 1, perMobile: 1, windowMs } });
    for (const [key, windowMs] of [
      ['long', 100_000],
      ['short', 1_000],
      ['brief', 1_000],
    ] as const) {
      expect(ledger.claim(claim(key, limit(windowMs))).verdict).toBe('granted');
      ledger.settle(answer(key, now(), 0));
    }
    expect(ledger.claim(claim('new', limit(1_000))).verdict).toBe('refused');
    await advance(1_000);
    expect(ledger.claim(claim('new', limit(1_000))).verdict).toBe('granted');
  });

  it('keeps nothing of released claims', () => {
    const { ledger } = open(2);
    const subjectLimit = { perIdNumber: 1, perMobile: 1, windowMs: 100_000 };
    for (let i = 0; i < 100; i++) {
      expect(ledger.claim(claim(`k${i}`, { subjectLimit })).verdict).toBe('granted');
      expect(ledger.release({ scope: 's', key: `k${i}`, owner: `k${i}` })).toBe(true);
    }
    expect(ledger.spent('s')).toEqual({ callsToday: 0, callsThisMonth: 0 });
    expect(ledger.claim(claim('new', { subjectLimit })).verdict).toBe('granted');
  });

  it.each([3_600_000, -3_600_000, -86_400_000, 30 * 86_400_000])(
    'ends lifetimes, leases and latches on time when the clock is set by %d ms',
    async (ms) => {
      const { ledger, clock, now, advance } = open();
      ledger.claim(claim('kept'));
      ledger.settle(answer('kept', now(), 60_000));
      ledger.claim(claim('open', { leaseMs: 30_000, doubtMs: 30_000 }));
      ledger.claim(claim('latch'));
      ledger.settle({
        ...answer('latch', 0),
        result: { kind: 'unbilled', latch: { name: 'quota', ms: 60_000 } },
      });
      clock.jump(ms);
      await advance(29_999);
      expect(ledger.claim(claim('kept')).verdict).toBe('hit');
      expect(ledger.claim(claim('open'))).toEqual({ verdict: 'in_flight', leaseMs: 1 });
      expect(ledger.claim(claim('other'))).toEqual({ verdict: 'refused', reason: 'latched', retryAfterMs: 30_001 });
      expect(ledger.latch('s')).toEqual({ name: 'quota', until: now() + 30_001 });
      await advance(30_001);
      expect(ledger.claim(claim('kept')).verdict).toBe('granted');
    },
  );

  it('recovers from a clock set forward by mistake', async () => {
    const { ledger, clock, advance } = open();
    const budget = { callsPerDay: 2, callsPerMonth: 100 };
    clock.jump(400 * 86_400_000);
    expect(ledger.claim(claim('a', { budget })).verdict).toBe('granted');
    clock.jump(-400 * 86_400_000);
    expect(ledger.claim(claim('b', { budget })).verdict).toBe('granted');
    expect(ledger.claim(claim('c', { budget })).verdict).toBe('refused'); // both count for today
    await advance(86_400_000);
    expect(ledger.claim(claim('c', { budget })).verdict).toBe('granted');
    expect(ledger.claim(claim('d', { budget })).verdict).toBe('granted');
    expect(ledger.claim(claim('e', { budget })).verdict).toBe('refused');
  });

  it('is a memory', () => {
    expect(open().ledger.kind).toBe('memory');
  });

  describe('erases', () => {
    const forget = (named: Partial<ForgetRequest>): ForgetRequest => ({
      scope: 's',
      keys: [],
      idKeys: [],
      mobileKeys: [],
      ...named,
    });
    const ended = (result: Settlement['result']): Settlement => ({ scope: 's', key: 'a', owner: 'a', result });
    const doubt = ended({ kind: 'in_doubt', ttlMs: 1_000 });

    it('nothing that it does not hold', () => {
      const { ledger } = open();
      expect(ledger.forget(forget({ keys: ['a'], idKeys: ['i-a'], mobileKeys: ['m-a'] }))).toBe(0);
    });

    it.each<[string, Settlement | ((now: number) => Settlement)]>([
      ['an answer', (now) => answer('a', now)],
      ['a doubt', doubt],
      ['a block', ended({ kind: 'unbilled', blockMs: 1_000 })],
    ])('%s by its question, and leaves no link to the person', (_what, end) => {
      const { ledger, now } = open();
      ledger.claim(claim('a'));
      ledger.settle(typeof end === 'function' ? end(now()) : end);
      expect(ledger.forget(forget({ keys: ['a'] }))).toBe(1);
      expect(ledger.forget(forget({ idKeys: ['i-a'], mobileKeys: ['m-a'] }))).toBe(0);
      expect(ledger.claim(claim('a')).verdict).toBe('granted');
    });

    it.each<[string, Settlement['result']]>([
      ['is in doubt', { kind: 'in_doubt', ttlMs: 1_000 }],
      ['is blocked', { kind: 'unbilled', blockMs: 1_000 }],
    ])('a person during the call, after which the question %s for nobody', (_what, result) => {
      const { ledger } = open();
      ledger.claim(claim('a'));
      ledger.forget(forget({ idKeys: ['i-a'] }));
      expect(ledger.settle(ended(result))).toBe(true);
      expect(ledger.claim(claim('a')).verdict).toBe('granted');
    });

    it('the doubt as well that a released grant had replaced', () => {
      const { ledger } = open();
      ledger.claim(claim('a'));
      ledger.settle(doubt);
      ledger.claim(claim('a', { repeatInDoubt: true }));
      ledger.forget(forget({ keys: ['a'] }));
      ledger.release({ scope: 's', key: 'a', owner: 'a' });
      expect(ledger.claim(claim('a')).verdict).toBe('granted');
    });

    it('an answer whose question was asked again, and expired', async () => {
      const { ledger, now, advance } = open(2);
      ledger.claim(claim('a'));
      ledger.settle(answer('a', now()));
      ledger.claim(claim('a', { maxAgeMs: 0, leaseMs: 10, doubtMs: 10 }));
      ledger.claim(claim('b'));
      await advance(20);
      ledger.claim(claim('c')); // makes room by dropping the second question of a
      expect(ledger.forget(forget({ idKeys: ['i-a'] }))).toBeGreaterThan(0);
      expect(ledger.peek(['a'])).toBeUndefined();
    });

    it('a question that is asked again, though its first answer has expired', async () => {
      const { ledger, now, advance } = open();
      ledger.claim(claim('a'));
      ledger.settle(answer('a', now(), 100));
      ledger.claim(claim('a', { maxAgeMs: 0 }));
      await advance(100);
      expect(ledger.peek(['a'])).toBeUndefined();
      ledger.forget(forget({ idKeys: ['i-a'] }));
      ledger.settle(answer('a', now()));
      expect(ledger.peek(['a'])).toBeUndefined();
    });
  });

  describe('keeps no link to a person', () => {
    const links = (ledger: MemoryLedger, keys: readonly string[]) =>
      ledger.forget({ scope: 's', keys: [], idKeys: keys.map((key) => `i-${key}`), mobileKeys: [] });

    it('whose answer has expired', async () => {
      const { ledger, now, advance } = open();
      ledger.claim(claim('a'));
      ledger.settle(answer('a', now(), 10));
      await advance(10);
      ledger.peek(['a']);
      expect(links(ledger, ['a'])).toBe(0);
      expect(ledger.forget({ scope: 's', keys: ['a'], idKeys: [], mobileKeys: [] })).toBe(0);
    });

    it('of whose question nothing is kept', () => {
      const { ledger } = open();
      ledger.claim(claim('a'));
      ledger.settle({ scope: 's', key: 'a', owner: 'a', result: { kind: 'unbilled' } });
      expect(links(ledger, ['a'])).toBe(0);
      expect(ledger.forget({ scope: 's', keys: ['a'], idKeys: [], mobileKeys: [] })).toBe(0);
    });

    it('whose question has expired and made room for another', async () => {
      const { ledger, advance } = open(200);
      const keys = Array.from({ length: 200 }, (_, n) => `k${n}`);
      for (const key of keys) ledger.claim(claim(key));
      await advance(2_000);
      expect(ledger.claim(claim('new')).verdict).toBe('granted');
      expect(links(ledger, keys)).toBe(0);
    });
  });

  describe('takes over an answer of another ledger', () => {
    const given = (answeredAt: number): LedgerAnswer => ({
      outcome: 'match',
      code: '10000',
      billed: 'yes',
      answeredAt,
    });

    it('with its age, for the rest of its lifetime', async () => {
      const { ledger, advance } = open();
      ledger.remember(claim('a'), given(5), 400, 1_000);
      expect(ledger.peek(['a'], 400)).toBeUndefined();
      expect(ledger.peek(['a'], 401)).toEqual(given(5));
      await advance(999);
      expect(ledger.peek(['a'])).toEqual(given(5));
      await advance(1);
      expect(ledger.peek(['a'])).toBeUndefined();
    });

    it('unless its lifetime is over', () => {
      const { ledger } = open();
      for (const ttlMs of [0, -1]) ledger.remember(claim('a'), given(5), 0, ttlMs);
      expect(ledger.forget({ scope: 's', keys: ['a'], idKeys: ['i-a'], mobileKeys: [] })).toBe(0);
    });

    it('unless it has a newer one, or the same, that still lives', async () => {
      const { ledger, advance } = open();
      ledger.remember(claim('a'), given(5), 0, 1_000);
      ledger.remember(claim('a'), given(4), 0, 9_000);
      expect(ledger.peek(['a'])).toEqual(given(5));
      ledger.remember(claim('a'), given(5), 0, 9_000);
      await advance(1_000);
      expect(ledger.peek(['a'])).toBeUndefined();
      ledger.remember(claim('a'), given(4), 0, 9_000);
      expect(ledger.peek(['a'])).toEqual(given(4));
      ledger.remember(claim('a'), given(6), 0, 9_000);
      expect(ledger.peek(['a'])).toEqual(given(6));
    });

    it('in place of one that has expired, at which nobody has looked since', async () => {
      const { ledger, advance } = open();
      ledger.remember(claim('a'), given(5), 0, 1_000);
      await advance(1_000);
      ledger.remember(claim('a'), given(4), 0, 9_000);
      expect(ledger.peek(['a'])).toEqual(given(4));
    });

    it('that it erases by the person', () => {
      const { ledger } = open();
      ledger.remember(claim('a'), given(5), 0, 1_000);
      ledger.forget({ scope: 's', keys: [], idKeys: [], mobileKeys: ['m-a'] });
      expect(ledger.peek(['a'])).toBeUndefined();
    });

    it('while there is room for the person', () => {
      const { ledger } = open(1);
      const subjectLimit = { perIdNumber: 1, perMobile: 1, windowMs: 1_000 };
      for (const key of ['a', 'b']) {
        ledger.claim(claim(key, { subjectLimit }));
        ledger.settle({ scope: 's', key, owner: key, result: { kind: 'unbilled' } });
      }
      ledger.remember(claim('c'), given(5), 0, 1_000);
      expect(ledger.peek(['c'])).toBeUndefined();
    });
  });

  it('exposes no data when serialised', () => {
    const { ledger, now } = open();
    ledger.claim(claim('a'));
    ledger.settle(answer('a', now()));
    expect(JSON.stringify(ledger)).toBe('{}');
  });
});
