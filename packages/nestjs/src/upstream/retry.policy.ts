import type { Complete } from '../support/complete.types.js';
import type { WirePhase } from './transport.port.js';
import { isRepeatable } from '../errors/consequences.data.js';
import type { DecodedFailure } from './reply.decoder.js';

export interface RetryOptions {
  /** Maximum number of repetitions of one call. @default 2 */
  readonly max?: number | undefined;
  /**
   * Upper bound of the first wait, in milliseconds. It doubles with each repetition; the wait is random below it.
   * @default 100
   */
  readonly baseMs?: number | undefined;
  /** Upper bound of any wait, in milliseconds. @default 1_000 */
  readonly capMs?: number | undefined;
  /** Maximum share of repetitions among calls, so that retries cannot amplify an outage. @default 0.1 */
  readonly ratio?: number | undefined;
}

/** A failed attempt. */
export interface FailedAttempt {
  readonly failure: DecodedFailure;
  /** The phase in which the exchange failed. Absent if a whole reply came. */
  readonly phase?: WirePhase;
}

const BUCKET_SIZE = 10;

/**
 * Decides whether a failed attempt is repeated. Repeats only what is proven unbilled, within a share of all calls,
 * after a random wait.
 */
export class RetryPolicy {
  readonly #max: number;
  readonly #baseMs: number;
  readonly #capMs: number;
  readonly #ratio: number;
  readonly #random: () => number;
  #tokens = BUCKET_SIZE;

  constructor(random: () => number, { max, baseMs, capMs, ratio }: Complete<RetryOptions>) {
    this.#random = random;
    this.#max = max;
    this.#baseMs = baseMs;
    this.#capMs = capMs;
    this.#ratio = ratio;
  }

  /** Counts a new call, which earns a fraction of a repetition. */
  called(): void {
    this.#tokens = Math.min(BUCKET_SIZE, this.#tokens + this.#ratio);
  }

  /**
   * Returns the wait before the next attempt, in milliseconds; undefined if there must not be one, or if the wait would take
   * too long.
   *
   * @param repeated number of repetitions of this call so far
   * @param spareMs the longest wait that leaves time for the answer, in milliseconds. @default no limit
   */
  next({ failure, phase }: FailedAttempt, repeated: number, spareMs = Infinity): number | undefined {
    if (!isProvenUnbilled(failure, phase) || repeated >= Math.min(this.#max, failure.repeats) || this.#tokens < 1)
      return undefined;
    const mostMs = Math.min(this.#capMs, this.#baseMs * 2 ** repeated);
    const waitMs = failure.retry === 're_sign' ? 0 : this.#random() * mostMs;
    if (waitMs > spareMs) return undefined;
    this.#tokens -= 1;
    return waitMs;
  }
}

/**
 * Returns whether nothing was sent, or a row says that the reply was not billed. False for a broken connection, a
 * timeout and an unreadable reply.
 */
export function isProvenUnbilled({ retry, error }: DecodedFailure, phase: WirePhase | undefined): boolean {
  return phase === undefined ? isRepeatable(retry, error.billed) : phase === 'unsent';
}
