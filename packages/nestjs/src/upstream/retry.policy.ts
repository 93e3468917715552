import type { Complete } from '../support/complete.types.js';
import type { WirePhase } from './transport.port.js';
import { isRepeatable } from '../errors/consequences.data.js';
import type { DecodedFailure } from './reply.decoder.js';

export interface RetryOptions {
  /** Most repetitions of one call. @default 2 */
  readonly max?: number | undefined;
  /** Ceiling of the first wait, in milliseconds; it doubles, and the wait is drawn at random below it. @default 100 */
  readonly baseMs?: number | undefined;
  /** Ceiling of any wait, in milliseconds. @default 1_000 */
  readonly capMs?: number | undefined;
  /** Share of calls that may be repetitions, so that retries cannot multiply an outage. @default 0.1 */
  readonly ratio?: number | undefined;
}

/** One attempt that failed, and how far it had come. */
export interface FailedAttempt {
  readonly failure: DecodedFailure;
  /** Absent when a whole reply came. */
  readonly phase?: WirePhase;
}

const BUCKET_SIZE = 10;

/** Decides whether a failed attempt may be repeated: only what is proven unbilled, rarely, and after a random wait. */
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

  /** Counts a new call, which earns its share of a repetition. */
  called(): void {
    this.#tokens = Math.min(BUCKET_SIZE, this.#tokens + this.#ratio);
  }

  /**
   * How long to wait before the next attempt, in milliseconds; undefined when there must not be one.
   *
   * @param repeated how often this call was repeated already
   */
  next({ failure, phase }: FailedAttempt, repeated: number): number | undefined {
    if (!isProvenUnbilled(failure, phase) || repeated >= Math.min(this.#max, failure.repeats) || this.#tokens < 1)
      return undefined;
    this.#tokens -= 1;
    if (failure.retry === 're_sign') return 0;
    return this.#random() * Math.min(this.#capMs, this.#baseMs * 2 ** repeated);
  }
}

/** Nothing was sent, or a row says that the reply was not billed. A broken connection, a timeout, an unreadable reply: never. */
export function isProvenUnbilled({ retry, error }: DecodedFailure, phase: WirePhase | undefined): boolean {
  return phase === undefined ? isRepeatable(retry, error.billed) : phase === 'unsent';
}
