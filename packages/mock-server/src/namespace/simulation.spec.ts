import { describe, expect, it } from '@jest/globals';
import { drawLatencyMs } from './latency.js';
import { Quota } from './quota.js';
import { SeededRandom } from './seeded-random.js';
import { SeqNoCounter } from './seq-no.js';
import { Throttle } from './throttle.js';

describe('a quota', () => {
  it.each([
    ['vendor', { callsLeft: 0 }, 'code-10010'],
    ['vendor', { balanceFen: 41 }, 'code-10009'],
    ['vendor', { expiresInMs: 0 }, 'code-10010'],
    ['gateway', { callsLeft: 0 }, 'gateway-quota-exhausted'],
    ['gateway', { balanceFen: 41 }, 'gateway-user-arrears'],
    ['gateway', { expiresInMs: 0 }, 'gateway-quota-expired'],
  ] as const)('is reported by the %s when %j is used up', (answeredBy, limits, scenario) => {
    const quota = new Quota();
    quota.set({ ...limits, answeredBy }, 1000);
    expect(quota.refusal(42, 1000)).toBe(scenario);
  });

  it('is used up by calls with billing yes or unknown, and by no others', () => {
    const quota = new Quota();
    quota.set({ callsLeft: 3, balanceFen: 1000 }, 0);
    quota.charge('no', 0);
    quota.charge('yes', 42);
    quota.charge('unknown', 42);
    expect(quota.state).toMatchObject({ callsLeft: 1, balanceFen: 916 });
    expect(quota.refusal(42, 0)).toBeUndefined();
  });

  it('ignores unknown calls if configured', () => {
    const quota = new Quota();
    quota.set({ callsLeft: 1, unknownIsCharged: false }, 0);
    quota.charge('unknown', 42);
    expect(quota.state.callsLeft).toBe(1);
  });

  it('expires exactly at its time', () => {
    const quota = new Quota();
    quota.set({ expiresInMs: 10 }, 100);
    expect([quota.refusal(42, 109), quota.refusal(42, 110)]).toEqual([undefined, 'code-10010']);
  });
});

describe('a throttle', () => {
  it('allows the configured number of calls per second of its clock', () => {
    const throttle = new Throttle();
    throttle.set({ callsPerSecond: 2, scope: 'api', httpStatus: 429 });
    const refused = [0, 999, 999, 1000].map((now) => throttle.refusal(now)?.scenario);
    expect(refused).toEqual([undefined, undefined, 'gateway-throttled-by-api', undefined]);
  });

  it('always answers with 403 in the domain scope, for which 429 is not documented', () => {
    const throttle = new Throttle();
    throttle.set({ callsPerSecond: 0, scope: 'domain', httpStatus: 429 });
    expect(throttle.refusal(0)).toEqual({ scenario: 'gateway-throttled-by-domain', httpStatus: 403 });
  });

  it('refuses only the question that is repeated too often', () => {
    const throttle = new Throttle();
    throttle.set({ sameParameter: { limit: 1, windowMs: 100 } });
    const asked = [
      throttle.questionRefusal('a', 0),
      throttle.questionRefusal('a', 99),
      throttle.questionRefusal('b', 99),
    ];
    expect(asked).toEqual([undefined, 'code-10019', undefined]);
    expect(throttle.questionRefusal('a', 100)).toBeUndefined();
  });
});

describe('a random value', () => {
  const draws = (seed: string) => {
    const random = new SeededRandom(seed);
    return Array.from({ length: 1000 }, () => drawLatencyMs({ kind: 'lognormal', medianMs: 100, sigma: 0.5 }, random));
  };

  it('depends only on the seed', () => {
    expect(draws('a')).toEqual(draws('a'));
    expect(draws('a')).not.toEqual(draws('b'));
  });

  it('follows the median and the tail of its distribution', () => {
    const sorted = draws('a').toSorted((x, y) => x - y);
    expect(sorted[500]).toBeGreaterThan(90);
    expect(sorted[500]).toBeLessThan(110);
    // e^(0.5 × 2.326) = 3.2 times the median
    expect(sorted[990]).toBeGreaterThan(250);
    expect(sorted[990]).toBeLessThan(420);
  });

  it('stays within its bounds', () => {
    const random = new SeededRandom('a');
    const uniform = Array.from({ length: 1000 }, () =>
      drawLatencyMs({ kind: 'uniform', minMs: 10, maxMs: 20 }, random),
    );
    expect([Math.min(...uniform), Math.max(...uniform)]).toEqual([10, 20]);
    const capped = drawLatencyMs({ kind: 'lognormal', medianMs: 100, sigma: 0, maxMs: 50 }, random);
    expect(capped).toBe(50);
  });

  it('yields request ids that are unique UUIDs', () => {
    const random = new SeededRandom('a');
    const ids = Array.from({ length: 5000 }, () => random.requestId());
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[0-9A-F]{8}-[0-9A-F]{4}-4[0-9A-F]{3}-A[0-9A-F]{3}-[0-9A-F]{12}$/);
  });
});

describe('seqNos', () => {
  it('have the form of the vendor and count up', () => {
    const seqNos = new SeqNoCounter('a');
    const [first, second] = [seqNos.next(), seqNos.next()];
    expect(first).toMatch(/^[0-9A-Z]{8}0000000001$/);
    expect(second).toBe(first.replace(/1$/, '2'));
  });

  it('are the same in every run and differ between credentials', () => {
    expect(new SeqNoCounter('a').next()).toBe(new SeqNoCounter('a').next());
    const prefixes = Array.from({ length: 2000 }, (_, i) => new SeqNoCounter(`code:${i}`).next());
    expect(new Set(prefixes).size).toBe(2000);
  });
});
