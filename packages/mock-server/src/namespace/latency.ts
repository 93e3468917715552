import type { SeededRandom } from './seeded-random.js';

/** How long the mock waits before it replies. Drawn from the namespace's seed: the same in every run. */
export type LatencySettings =
  | { readonly kind: 'none' }
  /** Always the same. */
  | { readonly kind: 'fixed'; readonly ms: number }
  /** Anything between two bounds, equally likely. */
  | { readonly kind: 'uniform'; readonly minMs: number; readonly maxMs: number }
  /** Mostly near the median, sometimes far above: how real services behave. */
  | {
      readonly kind: 'lognormal';
      readonly medianMs: number;
      /** Spread of the logarithm; 0.5 puts the 99th percentile at 3.2 times the median. */
      readonly sigma: number;
      /** @default 30000, the longest wait of the gateway */
      readonly maxMs?: number;
    };

const GATEWAY_MAX_MS = 30_000;

/** One delay, in whole milliseconds. */
export function drawLatencyMs(settings: LatencySettings, random: SeededRandom): number {
  switch (settings.kind) {
    case 'none':
      return 0;
    case 'fixed':
      return settings.ms;
    case 'uniform':
      return Math.round(settings.minMs + random.fraction() * (settings.maxMs - settings.minMs));
    case 'lognormal':
      return Math.min(
        Math.round(settings.medianMs * Math.exp(settings.sigma * random.normal())),
        settings.maxMs ?? GATEWAY_MAX_MS,
      );
  }
}
