import type { CallHealth } from '../errors/consequences.data.js';
import { identityVerifyError, type IdentityVerifyError } from '../errors/identity-verify.error.js';
import type { Identity } from '../identity/identity.check.js';
import { isThenable } from '../support/thenable.js';
import type { CallSignals } from './call.signals.js';
import type { CallLimiter } from './call.limiter.js';
import type { CircuitBreaker } from './circuit.breaker.js';
import type { CredentialSource, ResolvedCredentials } from '../accounts/credentials.js';
import type { Decoded, DecodedFailure } from './reply.decoder.js';
import { endpointOf } from './request.builder.js';
import type { RetryPolicy } from './retry.policy.js';
import type { StopSignal } from './stop.js';
import { WireAttempt, type WireAttemptParts } from './wire.attempt.js';

/** The parts of an upstream client. */
export interface UpstreamClientParts extends Omit<WireAttemptParts, 'url'> {
  readonly baseUrl: string;
  readonly breaker: CircuitBreaker;
  readonly limiter: CallLimiter;
  readonly retry: RetryPolicy;
  /** Time that must be left until the deadline for an attempt to begin, in milliseconds. */
  readonly minAttemptMs: number;
}

/** The end of a call. */
export interface CallEnd {
  readonly decoded: Decoded;
  /** Whether a byte of the question may have reached the upstream in any attempt. */
  readonly sent: boolean;
  readonly health: CallHealth;
}

/**
 * Asks the upstream one question: limiter, breaker, attempts with a deadline, and retries of what is proven unbilled.
 */
export class UpstreamClient {
  readonly #parts: UpstreamClientParts;
  readonly #wire: WireAttempt;

  constructor(parts: UpstreamClientParts) {
    this.#parts = parts;
    this.#wire = new WireAttempt({ ...parts, url: endpointOf(parts.baseUrl) });
  }

  /** Never rejects: every result is a decoded answer or failure with a reliable `billed`. */
  async ask(identity: Identity, source: CredentialSource, signals: CallSignals): Promise<CallEnd> {
    const { breaker, limiter, retry } = this.#parts;
    const { unsent } = signals;
    // A claim may have been granted in the very moment of the deadline.
    if (unsent.isStopped) return notAsked(gaveUpUnsent(unsent));
    // Before taking a slot: the application's function may hang, and must not block other calls.
    const resolved = source.resolve();
    const credentials = isThenable(resolved) ? await this.#inTime(resolved, unsent) : resolved;
    if (unsent.isStopped) return notAsked(gaveUpUnsent(unsent));
    if (credentials === undefined) return notAsked(identityVerifyError('IDV_CREDENTIALS_UNAVAILABLE'));
    const slot = limiter.acquire(unsent);
    const turn = typeof slot === 'string' ? slot : await slot;
    if (turn === 'stopped') return notAsked(gaveUpUnsent(unsent));
    if (turn === 'full') return notAsked(identityVerifyError('IDV_OVERLOADED', { retryAfterMs: 1_000 }));
    const admission = breaker.enter();
    if (!admission.admitted) {
      limiter.release();
      return notAsked(identityVerifyError('IDV_CIRCUIT_OPEN', { retryAfterMs: admission.waitMs }));
    }
    retry.called();
    const end = await this.#attempts(identity, credentials, signals);
    breaker.ended(admission, end.health);
    limiter.release();
    return end;
  }

  /** @returns undefined if the function failed, or did not answer in time */
  #inTime(credentials: PromiseLike<ResolvedCredentials>, unsent: StopSignal): Promise<ResolvedCredentials | undefined> {
    return new Promise((resolve) => {
      const end = (value?: ResolvedCredentials) => {
        unsent.offStop(end);
        resolve(value);
      };
      unsent.onStop(end);
      credentials.then(end, () => end());
    });
  }

  /** Never rejects. */
  async #attempts(identity: Identity, credentials: ResolvedCredentials, signals: CallSignals): Promise<CallEnd> {
    let sent = false;
    for (let repeated = 0; ; repeated++) {
      if (signals.unsent.isStopped) return { ...notAsked(gaveUpUnsent(signals.unsent)), sent };
      if (this.#spareMs(signals) < 0) return { ...notAsked(tooLate('too little time was left to ask')), sent };
      signals.onSend?.();
      const attempt = await this.#wire.run(identity, credentials, signals.deadline);
      signals.onAttempt?.(attempt);
      if ('kind' in attempt) return { decoded: attempt, sent: true, health: 'well' };
      const { failure, phase } = attempt;
      sent ||= phase !== 'unsent';
      const waitMs = this.#parts.retry.next(attempt, repeated, this.#spareMs(signals));
      if (waitMs === undefined || !(await this.#pause(waitMs, signals.unsent)))
        return { decoded: failure, sent, health: failure.health };
    }
  }

  /**
   * The longest wait after which an attempt has time for its answer, in milliseconds. A later one would be paid for, and its
   * answer lost.
   */
  #spareMs({ endsAt }: CallSignals): number {
    const { clock, minAttemptMs } = this.#parts;
    return endsAt - clock.monotonic() - minAttemptMs;
  }

  #pause(ms: number, stop: StopSignal): Promise<boolean> {
    return new Promise((resolve) => {
      if (stop.isStopped) return resolve(false);
      const end = () => {
        cancelTimer();
        resolve(false);
      };
      const cancelTimer = this.#parts.clock.schedule(() => {
        stop.offStop(end);
        resolve(true);
      }, ms);
      stop.onStop(end);
    });
  }
}

/** Makes the error of a question that was stopped before anything was sent, from the reason of its signal. */
export function gaveUpUnsent({ reason }: StopSignal, detail = 'before anything was sent'): IdentityVerifyError {
  if (reason === 'closing') return identityVerifyError('IDV_SHUTTING_DOWN');
  if (reason !== 'deadline') return identityVerifyError('IDV_ABORTED');
  return tooLate(detail);
}

function tooLate(detail: string): IdentityVerifyError {
  return identityVerifyError('IDV_TIMEOUT', { detail, billed: 'no', retryable: true });
}

/** A failure before anything was sent. */
function notAsked(error: IdentityVerifyError): CallEnd {
  const decoded: DecodedFailure = { kind: 'failure', error, retry: 'never', repeats: 0, health: 'unasked' };
  return { decoded, sent: false, health: 'unasked' };
}
