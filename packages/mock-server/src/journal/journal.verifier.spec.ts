import { describe, expect, it } from '@jest/globals';
import { Fingerprinter } from './fingerprint.js';
import { JournalRing } from './journal.ring.js';
import type { JournalEntry } from './journal.types.js';
import { isSettled, verifyJournal } from './journal.verifier.js';
import { JournalIncompleteError } from './expectation.types.js';

const fingerprints = new Fingerprinter(Buffer.alloc(32, 7));
const KNOWN = { name: '测试甲', idCard: '110101190001010014', mobile: '16000020001' };
const OTHER = { ...KNOWN, mobile: '16000020002' };

function entry(index: number, scenario: string, person = KNOWN): JournalEntry {
  return {
    index,
    at: '2026-01-01T00:00:00.000Z',
    requestId: 'R',
    seqNo: null,
    channel: 'appcode',
    person: { name: '测*', idCard: '1*** … ***4', mobile: '160******01' },
    fingerprints: {
      name: fingerprints.of('name', person.name),
      idCard: fingerprints.of('idCard', person.idCard),
      mobile: fingerprints.of('mobile', person.mobile),
    },
    decidedBy: 'queue',
    scenario,
    httpStatus: 200,
    code: scenario.startsWith('code-') ? scenario.slice(5) : '10000',
    billed: 'yes',
    fen: 42,
    latencyMs: 0,
  };
}

function ringOf(capacity: number, ...scenarios: string[]): JournalRing {
  const ring = new JournalRing(capacity);
  for (const [i, scenario] of scenarios.entries()) ring.append(entry(i + 1, scenario, i % 2 ? OTHER : KNOWN));
  return ring;
}

describe('verifying a journal', () => {
  const ring = ringOf(10, 'code-10017', 'state-1', 'state-1');
  const verify = (expectation: Parameters<typeof verifyJournal>[2]) => verifyJournal(ring, fingerprints, expectation);

  it('counts the calls that match in every given field', () => {
    expect(verify({ match: { scenario: 'match' }, times: 2 })).toMatchObject({ ok: true, count: 2 });
    expect(verify({ match: { scenario: 'match', ...KNOWN }, times: 1 })).toMatchObject({ ok: true, count: 1 });
    expect(verify({ match: { code: '10017' }, times: { atMost: 0 } })).toMatchObject({ ok: false, count: 1 });
  });

  it('finds an exact match by fingerprint, even if the masked values are equal', () => {
    const { ok, nearest } = verify({ match: { mobile: '16000099901' } });
    expect(ok).toBe(false);
    expect(nearest[0]?.differences).toEqual([
      { field: 'mobile', expected: '160******01', actual: '160******01, but another' },
    ]);
  });

  it('reports the most similar calls, best first, without plain values', () => {
    const { nearest } = verify({ match: { ...KNOWN, scenario: 'mismatch' } });
    expect(nearest.map(({ index }) => index)).toEqual([3, 1, 2]);
    expect(JSON.stringify(nearest)).not.toMatch(/110101190001010014|16000020001|测试甲/);
  });

  it('checks an order and allows other calls in between', () => {
    expect(verify({ inOrder: [{ code: '10017' }, { scenario: 'match' }] }).ok).toBe(true);
    const wrong = verify({ inOrder: [{ scenario: 'match' }, { code: '10017' }] });
    expect(wrong).toMatchObject({ ok: false, message: expect.stringContaining('step 2') as unknown });
  });

  it('expects at least one call by default', () => {
    expect(verify({}).ok).toBe(true);
    expect(verifyJournal(ringOf(10), fingerprints, {}).ok).toBe(false);
  });
});

describe('a journal with evicted entries', () => {
  const ring = ringOf(2, 'code-10017', 'state-1', 'state-2');
  const verify = (expectation: Parameters<typeof verifyJournal>[2]) => () =>
    verifyJournal(ring, fingerprints, expectation);

  it.each([
    ['an exact count', { match: { scenario: 'match' }, times: 1 }],
    ['an upper bound', { match: { code: '10017' }, times: 0 }],
    ['a lower bound that is not met', { match: { code: '10017' } }],
    ['an order that is not found', { inOrder: [{ code: '10017' }, { scenario: 'match' }] }],
  ])('throws for %s', (_, expectation) => {
    expect(verify(expectation)).toThrow(JournalIncompleteError);
  });

  it.each([
    ['a lower bound that the rest meets', { match: { scenario: 'match' } }, true],
    ['an upper bound that the rest exceeds', { times: { atMost: 1 } }, false],
    ['an order that the rest has', { inOrder: [{ scenario: 'match' }, { scenario: 'mismatch' }] }, true],
  ])('decides %s', (_, expectation, ok) => {
    expect(verify(expectation)().ok).toBe(ok);
  });

  it('reports that it is off', () => {
    expect(() => verifyJournal(ringOf(0, 'state-1'), fingerprints, {})).toThrow(/journal is off/);
  });
});

describe('waiting', () => {
  const result = (ok: boolean, count: number) => ({ ok, count, message: '', nearest: [] });

  it('ends when a minimum is reached or a maximum is exceeded', () => {
    expect(isSettled({ times: 2 }, result(true, 2))).toBe(true);
    expect(isSettled({ times: 2 }, result(false, 3))).toBe(true);
    expect(isSettled({ times: 2 }, result(false, 1))).toBe(false);
  });

  it('lasts the whole time for a maximum that is not exceeded, because only then it is proven', () => {
    expect(isSettled({ times: 0 }, result(true, 0))).toBe(false);
    expect(isSettled({ times: { atMost: 3 } }, result(true, 1))).toBe(false);
  });
});
