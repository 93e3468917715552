import { describe, expect, it } from '@jest/globals';
import { ledgerConformance } from '../testing/ledger.conformance.js';
import { ManualClock } from '../testing/manual.clock.js';
import type { ClaimRequest, Settlement } from './ledger.port.js';
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

  it('keeps at most maxEntries answers, and drops the least recently used one', () => {
    const { ledger, now } = open(3);
    for (const key of ['a', 'b', 'c']) {
      ledger.claim(claim(key));
      ledger.settle(answer(key, now()));
    }
    expect(ledger.claim(claim('a')).verdict).toBe('hit');
    ledger.claim(claim('d'));
    ledger.settle(answer('d', now()));
    expect(ledger.claim(claim('a')).verdict).toBe('hit');
    expect(ledger.claim(claim('b')).verdict).toBe('granted');
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

  it('exposes no data when serialised', () => {
    const { ledger, now } = open();
    ledger.claim(claim('a'));
    ledger.settle(answer('a', now()));
    expect(JSON.stringify(ledger)).toBe('{}');
  });
});
