import type { Billed, Retry, UpstreamErrorCategory } from '@identity-verify/contract';
import type { RaisedErrorCode } from './error-codes.data.js';

/** The cause of a closed latch: the quota is exhausted, or the upstream denies access to the account. */
export type LatchName = 'quota' | 'access';

/**
 * The evidence that a finished call gives about the upstream: it works (`well`), it fails (`ill`), or none (`unasked`),
 * because the upstream was not asked or its reply concerns this question alone.
 */
export type CallHealth = 'well' | 'ill' | 'unasked';

/** The consequences of one category of upstream errors. */
export interface Consequence {
  /** The error to raise. Its row in the table of errors has the HTTP status and the remedy. */
  readonly code: RaisedErrorCode;
  /** Maximum number of repetitions of a call that is proven unbilled. The option `retry.max` limits it further. */
  readonly repeats: number;
  /** The evidence for the circuit breaker. */
  readonly health: CallHealth;
  /** Closes this latch: no call of the account is made until a probe is answered. */
  readonly latch?: LatchName;
  /** Blocks this question for `sameParameterBlockMs`. */
  readonly blocks?: true;
}

/**
 * The single source of the consequences: the decoder, retry policy, settlement, circuit breaker and documentation read
 * it. A reply about the question alone has the health `unasked`, because any caller can provoke it.
 */
// prettier-ignore
export const CONSEQUENCES = {
  malformed_request:    { code: 'IDV_MALFORMED_REQUEST',      repeats: 2, health: 'well' },
  authentication:       { code: 'IDV_AUTHENTICATION',         repeats: 1, health: 'well', latch: 'access' },
  authorization:        { code: 'IDV_AUTHORIZATION',          repeats: 2, health: 'well', latch: 'access' },
  invalid_input:        { code: 'IDV_UPSTREAM_INVALID_INPUT', repeats: 2, health: 'unasked' },
  quota:                { code: 'IDV_QUOTA',                  repeats: 2, health: 'well', latch: 'quota' },
  rate_limit:           { code: 'IDV_RATE_LIMITED',           repeats: 2, health: 'well' },
  same_parameter_limit: { code: 'IDV_SAME_PARAMETER_LIMIT',   repeats: 2, health: 'well', blocks: true },
  timeout:              { code: 'IDV_UPSTREAM_TIMEOUT',       repeats: 2, health: 'ill' },
  busy:                 { code: 'IDV_BUSY',                   repeats: 1, health: 'ill' },
  disabled:             { code: 'IDV_DISABLED',               repeats: 2, health: 'well', latch: 'access' },
  configuration:        { code: 'IDV_CONFIGURATION',          repeats: 2, health: 'well', latch: 'access' },
  upstream_failure:     { code: 'IDV_UPSTREAM_FAILURE',       repeats: 2, health: 'ill' },
  unclassified:         { code: 'IDV_UNCLASSIFIED',           repeats: 2, health: 'well' },
} as const satisfies Record<UpstreamErrorCategory, Consequence>;

/**
 * The rule that protects money: a reply may be repeated only if its row says that it was not billed and that a
 * repetition is useful.
 */
export function isRepeatable(retry: Retry, billed: Billed): boolean {
  return billed === 'no' && (retry === 'safe' || retry === 're_sign');
}
