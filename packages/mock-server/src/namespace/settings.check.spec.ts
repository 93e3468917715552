import { describe, expect, it } from '@jest/globals';
import { checkLatency, type LatencySettings } from './latency.js';
import { Quota } from './quota.js';
import { ScenarioSettingsError } from './settings.check.js';
import { Throttle } from './throttle.js';
import { LATEST_MS } from './virtual-clock.js';

const WRONG = [Number.NaN, Infinity, -Infinity, -1, Number.MAX_VALUE, '1' as never, null as never];

describe('numeric settings', () => {
  it.each(WRONG)('are rejected: %j', (value) => {
    const quota = new Quota();
    for (const settings of [{ callsLeft: value }, { balanceFen: value }, { expiresInMs: value }])
      expect(() => quota.set(settings, 0)).toThrow(ScenarioSettingsError);
    const throttle = new Throttle();
    for (const settings of [
      { callsPerSecond: value },
      { sameParameter: { limit: value } },
      { sameParameter: { limit: 1, windowMs: value } },
    ])
      expect(() => throttle.set(settings)).toThrow(ScenarioSettingsError);
    for (const settings of [
      { kind: 'fixed', ms: value },
      { kind: 'uniform', minMs: 0, maxMs: value },
      { kind: 'lognormal', medianMs: 1, sigma: value },
    ] as LatencySettings[])
      expect(() => checkLatency(settings)).toThrow(ScenarioSettingsError);
  });

  it('change nothing if one of them is rejected', () => {
    const quota = new Quota();
    quota.set({ callsLeft: 3 }, 0);
    expect(() => quota.set({ callsLeft: 5, balanceFen: Number.NaN }, 0)).toThrow();
    expect(quota.state.callsLeft).toBe(3);
  });

  it('limit the expiry of a package to the end of the clock', () => {
    const quota = new Quota();
    quota.set({ expiresInMs: 86_400_000 }, LATEST_MS - 1);
    expect(quota.state.expiresAt).toBe('9999-12-31T23:59:59.999Z');
  });
});
