import { DEFAULTS } from '../options/options.defaults.js';
import type { Billed, Retry } from '@identity-verify/contract';
import { describe, expect, it } from '@jest/globals';
import { identityVerifyError } from '../errors/identity-verify.error.js';
import type { RaisedErrorCode } from '../errors/error-codes.data.js';
import { isProvenUnbilled, RetryPolicy } from './retry.policy.js';
import type { DecodedFailure } from './reply.decoder.js';
import type { WirePhase } from './transport.port.js';

const failure = (
  retry: Retry,
  billed: Billed,
  code: RaisedErrorCode = 'IDV_RATE_LIMITED',
  repeats = 2,
): DecodedFailure => ({
  kind: 'failure',
  error: identityVerifyError(code, { billed }),
  retry,
  repeats,
  health: 'well',
});
const unreached = { failure: failure('safe', 'no', 'IDV_CONNECT_FAILED'), phase: 'unsent' as const };

describe('isProvenUnbilled', () => {
  const retries: Retry[] = ['never', 'days_later', 'not_today', 'safe', 're_sign', 'ambiguous'];
  const phases: (WirePhase | undefined)[] = [undefined, 'unsent', 'sent', 'headers', 'body'];
  const cases = retries.flatMap((retry) =>
    (['yes', 'no', 'unknown'] as const).flatMap((billed) => phases.map((phase) => ({ retry, billed, phase }))),
  );

  it.each(cases)('$retry, billed $billed, phase $phase', ({ retry, billed, phase }) => {
    const expected =
      phase === 'unsent' || (phase === undefined && billed === 'no' && (retry === 'safe' || retry === 're_sign'));
    expect(isProvenUnbilled(failure(retry, billed), phase)).toBe(expected);
  });
});

describe('RetryPolicy', () => {
  it.each([
    [unreached, 100],
    [{ failure: failure('re_sign', 'no') }, 0],
  ])('spends nothing on a repetition that would come too late: %#', (attempt, waitMs) => {
    const policy = new RetryPolicy(() => 1, { ...DEFAULTS.retry, baseMs: 100 });
    for (let i = 0; i < 50; i++) expect(policy.next(attempt, 0, waitMs - 1)).toBeUndefined();
    for (let i = 0; i < 10; i++) expect(policy.next(attempt, 0, waitMs)).toBe(waitMs);
    expect(policy.next(attempt, 0, waitMs)).toBeUndefined(); // ten repetitions were saved up
  });

  it('retries an unreached upstream at most twice, with a doubling upper bound', () => {
    const policy = new RetryPolicy(() => 1, { ...DEFAULTS.retry, baseMs: 100, capMs: 150 });
    expect([0, 1, 2].map((repeated) => policy.next(unreached, repeated))).toEqual([100, 150, undefined]);
  });

  it('waits a random time below the upper bound', () => {
    expect(new RetryPolicy(() => 0.25, { ...DEFAULTS.retry, baseMs: 100 }).next(unreached, 0)).toBe(25);
  });

  it('retries at most as often as the table of consequences allows, and signs again without a wait', () => {
    const policy = new RetryPolicy(() => 1, DEFAULTS.retry);
    const busy = { failure: failure('safe', 'no', 'IDV_BUSY', 1) };
    expect([policy.next(busy, 0), policy.next(busy, 1)]).toEqual([100, undefined]);
    const expired = { failure: failure('re_sign', 'no', 'IDV_AUTHENTICATION', 1) };
    expect([policy.next(expired, 0), policy.next(expired, 1)]).toEqual([0, undefined]);
  });

  it('retries nothing with max 0', () => {
    expect(new RetryPolicy(() => 1, { ...DEFAULTS.retry, max: 0 }).next(unreached, 0)).toBeUndefined();
  });

  it('limits retries to a share of the calls', () => {
    const policy = new RetryPolicy(() => 0, { ...DEFAULTS.retry, ratio: 0.1 });
    let repeated = 0;
    for (let call = 0; call < 1_000; call++) {
      policy.called();
      if (policy.next(unreached, 0) !== undefined) repeated++;
    }
    expect(repeated).toBeGreaterThanOrEqual(100);
    expect(repeated).toBeLessThanOrEqual(110); // the share, plus the initial tokens
  });
});
