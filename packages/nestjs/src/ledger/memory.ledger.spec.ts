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
  idKey: `i-${key}`,
  mobileKey: `m-${key}`,
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

  it('keeps no more answers than it may, and drops the one used longest ago', () => {
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

  it('refuses rather than lose an open question, and finds room again when their time is over', async () => {
    const { ledger, advance } = open(2);
    ledger.claim(claim('a'));
    ledger.claim(claim('b'));
    expect(ledger.claim(claim('c'))).toEqual({ verdict: 'refused', reason: 'capacity', retryAfterMs: 1_000 });
    await advance(2_000);
    expect(ledger.claim(claim('c')).verdict).toBe('granted');
  });

  it('keeps an answer with lifetime 0 for nobody', () => {
    const { ledger, now } = open();
    ledger.claim(claim('a'));
    ledger.settle(answer('a', now(), 0));
    expect(ledger.claim(claim('a')).verdict).toBe('granted');
  });

  it('does not open a spent budget when the clock jumps back over midnight and forth again', () => {
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

  it('lets subject windows go when they are over', async () => {
    const { ledger, advance } = open(2);
    const subjectLimit = { perIdNumber: 1, perMobile: 1, windowMs: 1_000 };
    for (let i = 0; i < 20; i++) {
      const { verdict } = ledger.claim(claim(`k${i}`, { subjectLimit, leaseMs: 10, doubtMs: 10 }));
      expect(verdict).toBe('granted');
      await advance(600);
    }
    expect(ledger.claim(claim('other', { idKey: 'i-k19', subjectLimit })).verdict).toBe('refused');
    expect(ledger.claim(claim('other', { idKey: 'i-k0', mobileKey: 'm-k0', subjectLimit })).verdict).toBe('granted');
  });

  it('links no more than a thousand questions to one subject where there is no limit', () => {
    const { ledger, now } = open();
    for (let i = 0; i <= 1_000; i++) {
      ledger.claim(claim(`k${i}`, { idKey: 'i', mobileKey: `m${i}` }));
      ledger.settle(answer(`k${i}`, now()));
    }
    ledger.forget({ scope: 's', keys: [], idKeys: ['i'], mobileKeys: [] });
    expect(ledger.claim(claim('k1000')).verdict).toBe('granted');
    expect(ledger.claim(claim('k0')).verdict).toBe('hit'); // the oldest link went; its answer lives out its time
  });

  it('holds keys and answers only: nothing that it was not given', () => {
    const { ledger, now } = open();
    ledger.claim(claim('a'));
    ledger.settle(answer('a', now()));
    expect(JSON.stringify(ledger)).toBe('{}');
  });
});
