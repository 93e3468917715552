import { describe, expect, it } from '@jest/globals';
import { identityVerifyError } from '../errors/identity-verify.error.js';
import { resolveOptions } from '../options/options.resolver.js';
import type { Decoded, DecodedFailure } from '../upstream/reply.decoder.js';
import { holdOf, SettlementPolicy } from './settlement.policy.js';

const NOW = 1_000_000;
const policy = (random = 0.5) =>
  new SettlementPolicy(
    { now: () => NOW },
    resolveOptions({
      credentials: { appCode: 'code' },
      random: () => random,
      lifetimes: {
        matchMs: 10_000,
        mismatchMs: 20_000,
        noRecordMs: 30_000,
        indeterminateMs: 40_000,
        unknownMs: 50_000,
        sameParameterBlockMs: 60_000,
      },
      latches: { quotaMs: 70_000, accessMs: 80_000 },
    }),
  );
const answer = (more: object = {}): Decoded =>
  ({ kind: 'answer', outcome: 'match', billed: 'yes', code: '10000', ...more }) as Decoded;
const failure = (code: 'IDV_BUSY' | 'IDV_CONNECTION_LOST', more: Partial<DecodedFailure> = {}): Decoded =>
  ({
    kind: 'failure',
    error: identityVerifyError(code),
    retry: 'never',
    repeats: 0,
    health: 'well',
    ...more,
  }) as Decoded;

describe('the time for which a settlement holds back what is asked next', () => {
  const latch = { name: 'quota', ms: 70_000 } as const;
  it.each<[string, Parameters<typeof holdOf>[0], number]>([
    ['nothing was sent', undefined, 0],
    ['an answer', policy().resultOf(answer(), 'well'), 0],
    ['a failure that concerns nobody else', { kind: 'unbilled' }, 0],
    ['a doubt', { kind: 'in_doubt', ttlMs: 50_000 }, 50_000],
    ['a block', { kind: 'unbilled', blockMs: 60_000 }, 60_000],
    ['a latch', { kind: 'unbilled', latch }, 70_000],
    ['a latch, and a block that ends earlier', { kind: 'unbilled', blockMs: 60_000, latch }, 70_000],
    ['a latch, and a block that ends later', { kind: 'unbilled', blockMs: 80_000, latch }, 80_000],
  ])('is that of %s', (_case, result, expected) => {
    expect(holdOf(result)).toBe(expected);
  });
});

describe('the settlement of an answer', () => {
  it('keeps it with its ids and its time', () => {
    expect(policy().resultOf(answer({ seqNo: 'S', requestId: 'R' }), 'well')).toStrictEqual({
      kind: 'answered',
      answer: { outcome: 'match', billed: 'yes', code: '10000', seqNo: 'S', requestId: 'R', answeredAt: NOW },
      ttlMs: 10_000,
      charged: true,
    });
  });

  it('has no property for an id that did not come', () => {
    expect(policy().resultOf(answer(), 'well')).toStrictEqual({
      kind: 'answered',
      answer: { outcome: 'match', billed: 'yes', code: '10000', answeredAt: NOW },
      ttlMs: 10_000,
      charged: true,
    });
  });

  it.each([
    ['yes', true],
    ['unknown', true],
    ['no', false],
  ])('charges it unless it is proven unbilled: %s', (billed, charged) => {
    expect(policy().resultOf(answer({ billed }), 'well')).toMatchObject({ charged });
  });

  it.each([
    ['match', 10_000],
    ['mismatch', 20_000],
    ['no_record', 30_000],
    ['indeterminate', 40_000],
  ] as const)('keeps %s for %i ms, varied by a tenth', (outcome, ms) => {
    const lifetime = (random: number) => policy(random).resultOf(answer({ outcome }), 'well');
    expect(lifetime(0)).toMatchObject({ ttlMs: ms * 0.9 });
    expect(lifetime(0.5)).toMatchObject({ ttlMs: ms });
    expect(lifetime(1)).toMatchObject({ ttlMs: ms * 1.1 });
    expect(policy().shortestLifetimeMs(outcome)).toBe(ms * 0.9);
    expect(policy().longestLifetimeMs(outcome)).toBe(ms * 1.1);
  });
});

describe('the settlement of a failure', () => {
  it('leaves the question in doubt, and the charge, if it may have been billed', () => {
    expect(policy().doubtMs).toBe(50_000);
    for (const [random, ttlMs] of [
      [0, 45_000],
      [1, 55_000],
    ] as const) {
      const lost = failure('IDV_CONNECTION_LOST', { latch: 'quota', block: true });
      expect(policy(random).resultOf(lost, 'unasked')).toStrictEqual({ kind: 'in_doubt', ttlMs });
    }
  });

  it('refunds what is proven unbilled', () => {
    expect(policy().resultOf(failure('IDV_BUSY'), 'well')).toStrictEqual({ kind: 'unbilled' });
    expect(policy().resultOf(failure('IDV_BUSY'), 'ill')).toStrictEqual({ kind: 'unbilled' });
  });

  it('is no evidence about the account if the upstream was not asked', () => {
    expect(policy().resultOf(failure('IDV_BUSY'), 'unasked')).toStrictEqual({ kind: 'unbilled', inconclusive: true });
  });

  it('blocks the question at the limit on equal ones, which is no evidence about the account either', () => {
    expect(policy(0).resultOf(failure('IDV_BUSY', { block: true }), 'well')).toStrictEqual({
      kind: 'unbilled',
      inconclusive: true,
      blockMs: 54_000,
    });
  });

  it.each([
    ['quota', 70_000],
    ['access', 80_000],
  ] as const)('closes the latch %s for its time, which does not vary', (latch, ms) => {
    expect(policy(0).resultOf(failure('IDV_BUSY', { latch }), 'well')).toStrictEqual({
      kind: 'unbilled',
      latch: { name: latch, ms },
    });
  });
});
