import { describe, expect, it } from '@jest/globals';
import type { ClaimRequest, LedgerAnswer, Settlement } from './ledger.port.js';
import { aged, erased, isOver, isSame, isWorthWriting, laterClaim, newCall, uncountedKey } from './local.call.js';

type Result = Settlement['result'];

const request: ClaimRequest = {
  scope: 's',
  keys: ['q', 'old'],
  idKeys: ['i'],
  mobileKeys: ['m'],
  owner: 'o',
  leaseMs: 10_000,
  doubtMs: 60_000,
  maxAgeMs: 0,
  repeatInDoubt: false,
  budget: { callsPerDay: 1, callsPerMonth: 2 },
  subjectLimit: undefined,
};
const answer: LedgerAnswer = {
  outcome: 'match',
  code: '10000',
  billed: 'yes',
  answeredAt: 7,
  seqNo: 'S',
  requestId: 'R',
};
const end = (result: Result): Settlement => ({ scope: 's', key: 'q', owner: 'o', result });
const answered = (ttlMs: number): Result => ({ kind: 'answered', answer, ttlMs, charged: true });

describe('the claim under which a call is written later', () => {
  it('is refused by no budget, no age of an answer and no doubt, and has an owner of its own', () => {
    const call = newCall(request, false, {});
    expect(laterClaim(call)).toEqual({
      ...request,
      owner: call.laterOwner,
      maxAgeMs: undefined,
      repeatInDoubt: true,
      budget: {},
      subjectLimit: undefined,
    });
    expect([call.laterOwner, newCall(request, false, {}).laterOwner]).not.toContain('o');
    expect(newCall(request, false, {}).laterOwner).not.toBe(call.laterOwner);
  });

  it('counts against a subject limit that no question reaches, in the window of the question', () => {
    const subjectLimit = { perIdNumber: 1, perMobile: 1, windowMs: 5_000 };
    expect(laterClaim(newCall({ ...request, subjectLimit }, false, {})).subjectLimit).toEqual({
      perIdNumber: 1_000_000_000,
      perMobile: 1_000_000_000,
      windowMs: 5_000,
    });
  });

  it('has a key of the call alone where it names no question', () => {
    expect(new Set([uncountedKey('o'), uncountedKey('p'), 'o', 'p', '']).size).toBe(5);
  });
});

describe('after a time, an end', () => {
  it.each<[title: string, Result, ms: number, Result]>([
    ['lives for the rest', answered(1_000), 400.5, answered(599)],
    ['that is over lives no longer', answered(1_000), 5_000, answered(0)],
    ['in doubt is in doubt for the rest', { kind: 'in_doubt', ttlMs: 10 }, 4, { kind: 'in_doubt', ttlMs: 6 }],
    ['without a block or a latch stays as it is', { kind: 'unbilled' }, 1, { kind: 'unbilled' }],
    [
      'blocks and latches for the rest',
      { kind: 'unbilled', inconclusive: true, blockMs: 10, latch: { name: 'quota', ms: 20 } },
      5,
      { kind: 'unbilled', inconclusive: true, blockMs: 5, latch: { name: 'quota', ms: 15 } },
    ],
    [
      'has lost a block that is over',
      { kind: 'unbilled', blockMs: 10, latch: { name: 'quota', ms: 20 } },
      10,
      { kind: 'unbilled', latch: { name: 'quota', ms: 10 } },
    ],
    [
      'has lost a latch that is over',
      { kind: 'unbilled', blockMs: 20, latch: { name: 'access', ms: 10 } },
      10,
      { kind: 'unbilled', blockMs: 10 },
    ],
  ])('%s', (_title, result, ms, expected) => expect(aged(end(result), ms)).toEqual(end(expected)));
});

describe('what is to be written of an end', () => {
  it.each<[isWorth: boolean, isOver: boolean, Result]>([
    [true, false, answered(1)],
    [true, true, answered(0)],
    [true, false, { kind: 'in_doubt', ttlMs: 1 }],
    [true, true, { kind: 'in_doubt', ttlMs: 0 }],
    [false, true, { kind: 'unbilled' }],
    [true, false, { kind: 'unbilled', blockMs: 1 }],
    [true, false, { kind: 'unbilled', latch: { name: 'quota', ms: 1 } }],
    [true, false, { kind: 'unbilled', blockMs: 1, latch: { name: 'quota', ms: 1 } }],
  ])('is worth it: %j; is over: %j; for %j', (isWorth, over, result) => {
    expect([isWorthWriting(end(result)), isOver(end(result))]).toEqual([isWorth, over]);
  });

  it.each<[Result, Result]>([
    [answered(1_000), answered(0)],
    [
      { kind: 'in_doubt', ttlMs: 1_000 },
      { kind: 'in_doubt', ttlMs: 1 },
    ],
    [
      { kind: 'unbilled', inconclusive: true, blockMs: 9 },
      { kind: 'unbilled', inconclusive: true },
    ],
    [
      { kind: 'unbilled', blockMs: 9, latch: { name: 'quota', ms: 9 } },
      { kind: 'unbilled', latch: { name: 'quota', ms: 9 } },
    ],
  ])('is nothing about the question when its person was erased: %j', (result, expected) => {
    expect(erased(end(result))).toEqual(end(expected));
  });
});

describe('an answer of the store is that of a call', () => {
  const { seqNo: _seqNo, ...withoutSeqNo } = answer;
  const { requestId: _requestId, ...withoutRequestId } = answer;
  const { requestId: _noId, ...withoutIds } = withoutSeqNo;
  const of = (one: LedgerAnswer): Result => ({ kind: 'answered', answer: one, ttlMs: 1, charged: true });

  it.each<[title: string, kept: LedgerAnswer, Result, expected: boolean]>([
    ['if all is equal', { ...answer, billed: 'no', seal: 'x' }, of(answer), true],
    ['by its request id alone', withoutSeqNo, of(withoutSeqNo), true],
    ['by its seqNo alone', withoutRequestId, of(withoutRequestId), true],
    ['not without an id', withoutIds, of(withoutIds), false],
    ['not of a doubt', answer, { kind: 'in_doubt', ttlMs: 1 }, false],
    ['not of a refusal', answer, { kind: 'unbilled' }, false],
    ['not with another outcome', { ...answer, outcome: 'mismatch' }, of(answer), false],
    ['not with another code', { ...answer, code: '10001' }, of(answer), false],
    ['not with another seqNo', { ...answer, seqNo: 'T' }, of(answer), false],
    ['not with another request id', { ...answer, requestId: 'Q' }, of(answer), false],
    ['not of another moment', { ...answer, answeredAt: 8 }, of(answer), false],
  ])('%s', (_title, kept, result, expected) => expect(isSame(kept, end(result))).toBe(expected));
});
