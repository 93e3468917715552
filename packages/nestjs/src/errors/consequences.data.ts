import type { Billed, Retry, UpstreamErrorCategory } from '@identity-verify/contract';
import type { RaisedErrorCode } from './error-codes.data.js';

/** The reason for which a latch is closed: the account ran out, or the account was turned away. */
export type LatchName = 'quota' | 'access';

/**
 * What a call that has ended says about the upstream: it works, it does not, or nothing, because it was not asked or
 * because its reply was about this question alone.
 */
export type CallHealth = 'well' | 'ill' | 'unasked';

/** Everything that follows from the category of an upstream's error. */
export interface Consequence {
  /** The error that is raised; its row has HTTP status and remedy. */
  readonly code: RaisedErrorCode;
  /** Most repetitions of a call that is proven unbilled, within the option `retry.max`. */
  readonly repeats: number;
  /** What the reply says about the upstream, for the circuit breaker. */
  readonly health: CallHealth;
  /** Stops every call of the account, until a probe is answered. */
  readonly latch?: LatchName;
  /** Stops this one question for `sameParameterBlockMs`. */
  readonly blocks?: true;
}

/**
 * The one table of consequences: decoder, retry policy, settlement, circuit breaker and documentation read it, and nobody
 * else knows. A reply about the question alone has the health `unasked`: anybody could make it say something.
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
 * The one rule on which money depends: a reply may be repeated only if a row says that it was not billed and that
 * repeating it makes sense.
 */
export function isRepeatable(retry: Retry, billed: Billed): boolean {
  return billed === 'no' && (retry === 'safe' || retry === 're_sign');
}
