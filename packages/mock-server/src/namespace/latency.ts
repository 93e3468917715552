import { GATEWAY_LIMITS } from '@identity-verify/contract';
import { checkNumbers, MAX_LATENCY_MS } from './settings.check.js';
import type { SeededRandom } from './seeded-random.js';

/** The simulated delay of replies. Drawn from the seed of the namespace, so it is the same in every run. */
export type LatencySettings =
  | { readonly kind: 'none' }
  /** A constant delay. */
  | { readonly kind: 'fixed'; readonly ms: number }
  /** A uniform distribution between two bounds. */
  | { readonly kind: 'uniform'; readonly minMs: number; readonly maxMs: number }
  /** A log-normal distribution, similar to real services. */
  | {
      readonly kind: 'lognormal';
      readonly medianMs: number;
      /** Standard deviation of the logarithm. 0.5 puts the 99th percentile at 3.2 times the median. */
      readonly sigma: number;
      /** @default 30000, the maximum wait of the gateway */
      readonly maxMs?: number;
    };

const GATEWAY_MAX_MS = GATEWAY_LIMITS.backendTimeoutMs;

const MS = [0, MAX_LATENCY_MS] as const;
const BOUNDS = { ms: MS, minMs: MS, maxMs: MS, medianMs: MS, sigma: [0, 5] } as const;

/** @throws ScenarioSettingsError if a delay can exceed {@link MAX_LATENCY_MS} or is not a number */
export function checkLatency(settings: LatencySettings): void {
  checkNumbers(settings, BOUNDS);
}

/** Draws a delay, in whole milliseconds. */
export function drawLatencyMs(settings: LatencySettings, random: SeededRandom): number {
  const draw = DRAWS[settings.kind] as (settings: LatencySettings, random: SeededRandom) => number;
  return draw(settings, random);
}

const DRAWS: {
  readonly [K in LatencySettings['kind']]: (of: Extract<LatencySettings, { kind: K }>, random: SeededRandom) => number;
} = {
  none: () => 0,
  fixed: ({ ms }) => ms,
  uniform: ({ minMs, maxMs }, random) => Math.round(minMs + random.fraction() * (maxMs - minMs)),
  lognormal: ({ medianMs, sigma, maxMs = GATEWAY_MAX_MS }, random) =>
    Math.min(Math.round(medianMs * Math.exp(sigma * random.normal())), maxMs),
};
