import type { SampleConfig } from '../config/sample.config.js';
import { chooseUpstream } from '../config/upstream.choice.js';

/** Why no race can be played: calls cost money, or the mock is not on this machine. */
export type RaceRefusal = 'real_upstream' | 'not_loopback';

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** The race makes calls in vain on purpose, so it runs only against a mock on this machine. */
export function raceRefusal(config: Pick<SampleConfig, 'get'>): RaceRefusal | undefined {
  const { live, baseUrl } = chooseUpstream(config);
  if (live) return 'real_upstream';
  return LOOPBACK.test(new URL(baseUrl).hostname) ? undefined : 'not_loopback';
}
