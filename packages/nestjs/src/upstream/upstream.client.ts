import type { Clock } from '../support/clock.js';
import type { CallHealth } from '../errors/consequences.data.js';
import type { IdentityVerifyErrorCode } from '../errors/error-codes.data.js';
import { identityVerifyError, type IdentityVerifyError } from '../errors/identity-verify.error.js';
import type { Identity } from '../identity/identity.check.js';
import type { CallSignals, StopReason } from './call.signals.js';
import type { CallLimiter } from './call.limiter.js';
import type { CircuitBreaker } from './circuit.breaker.js';
import type { CredentialSource, ResolvedCredentials } from '../accounts/credentials.js';
import { wireFailure, type Decoded, type DecodedFailure, type ReplyDecoder } from './reply.decoder.js';
import { buildRequest, endpointOf } from './request.builder.js';
import type { FailedAttempt, RetryPolicy } from './retry.policy.js';
import {
  WireFailure,
  type UpstreamTransport,
  type WireFailureReason,
  type WireReply,
  type WireRequest,
} from './transport.port.js';

/** The parts of an upstream client. */
export interface UpstreamClientParts {
  readonly baseUrl: string;
  readonly transport: UpstreamTransport;
  readonly decoder: ReplyDecoder;
  readonly breaker: CircuitBreaker;
  readonly limiter: CallLimiter;
  readonly retry: RetryPolicy;
  readonly clock: Clock;
  /** Deadline of one attempt, in milliseconds. */
  readonly attemptTimeoutMs: number;
}

/** The end of a call. */
export interface CallEnd {
  readonly decoded: Decoded;
  /** Whether a byte of the question may have reached the upstream, in any attempt. */
  readonly sent: boolean;
  readonly health: CallHealth;
}

/** How long a transport may take to end after its signal aborted, in milliseconds. */
const ABORT_GRACE_MS = 25;

/** Asks the upstream one question: limiter, breaker, attempts with their deadline, and retries of what is unbilled. */
export class UpstreamClient {
  readonly #parts: UpstreamClientParts;
  readonly #url: URL;

  constructor(parts: UpstreamClientParts) {
    this.#parts = parts;
    this.#url = endpointOf(parts.baseUrl);
  }

  /** Never rejects: whatever happens is a decoded answer or failure, whose `billed` can be relied on. */
  async ask(identity: Identity, source: CredentialSource, signals: CallSignals): Promise<CallEnd> {
    const { breaker, limiter, retry } = this.#parts;
    const { unsent } = signals;
    // Before a slot is taken: the application's function may hang, and must not keep the others waiting.
    const credentials = await this.#credentials(source, unsent);
    if (unsent.aborted) return notAsked(gaveUpUnsent(unsent));
    if (credentials === undefined) return notAsked(identityVerifyError('IDV_CREDENTIALS_UNAVAILABLE'));
    const turn = await limiter.acquire(unsent);
    if (turn === 'aborted') return notAsked(gaveUpUnsent(unsent));
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

  /** @returns undefined when the function failed, or when it had not answered in time */
  #credentials(source: CredentialSource, unsent: AbortSignal): Promise<ResolvedCredentials | undefined> {
    return new Promise((resolve) => {
      const abort = () => resolve(undefined);
      unsent.addEventListener('abort', abort, { once: true });
      source
        .resolve()
        .then(resolve, abort)
        .finally(() => unsent.removeEventListener('abort', abort));
    });
  }

  /** Never rejects. */
  async #attempts(identity: Identity, credentials: ResolvedCredentials, signals: CallSignals): Promise<CallEnd> {
    let sent = false;
    for (let repeated = 0; ; repeated++) {
      if (signals.unsent.aborted) return { ...notAsked(gaveUpUnsent(signals.unsent)), sent };
      signals.onSend?.();
      const attempt = await this.#attempt(identity, credentials, signals.deadline);
      if ('kind' in attempt) return { decoded: attempt, sent: true, health: 'well' };
      const { failure, phase } = attempt;
      sent ||= phase !== 'unsent';
      const waitMs = this.#parts.retry.next(attempt, repeated);
      if (waitMs === undefined || !(await this.#pause(waitMs, signals.unsent))) {
        return { decoded: failure, sent, health: failure.health };
      }
    }
  }

  async #attempt(
    identity: Identity,
    credentials: ResolvedCredentials,
    deadline: AbortSignal,
  ): Promise<Decoded | FailedAttempt> {
    const { decoder, clock } = this.#parts;
    try {
      const reply = await this.#send(buildRequest(this.#url, identity, credentials, clock.now()), deadline);
      const decoded = decoder.decode(reply, identity);
      // Whatever else comes on its connection cannot be trusted to be an answer either.
      if (decoded.kind === 'failure' && decoded.error.code === 'IDV_REPLY_UNREADABLE') reply.drop?.();
      return decoded.kind === 'answer' ? decoded : { failure: decoded };
    } catch (error) {
      // A transport that breaks its promise may have sent anything.
      const { reason, phase, systemCode } =
        error instanceof WireFailure ? error : new WireFailure('connection_lost', 'sent');
      const unsent = phase === 'unsent';
      const code = reason === 'aborted' ? 'IDV_TIMEOUT' : unsent ? 'IDV_CONNECT_FAILED' : CODE_OF_REASON[reason];
      const detail = `${DETAIL_OF_PHASE[phase]}${systemCode ? `, ${systemCode}` : ''}`;
      const failure = wireFailure(code, { detail, ...(unsent && { billed: 'no', retryable: true }) });
      return { failure: unsent ? { ...failure, retry: 'safe', repeats: Infinity } : failure, phase };
    }
  }

  /** Sends one request under the deadline of an attempt. A transport that ignores its signal is not waited for. */
  #send(request: WireRequest, deadline: AbortSignal): Promise<WireReply> {
    const { transport, clock, attemptTimeoutMs } = this.#parts;
    return new Promise((resolve, reject) => {
      const attempt = new AbortController();
      let cancelTimer: () => void;
      const abort = () => {
        end();
        cancelTimer = clock.schedule(() => reject(new WireFailure('aborted', 'sent')), ABORT_GRACE_MS);
        attempt.abort();
      };
      const end = () => {
        cancelTimer();
        deadline.removeEventListener('abort', abort);
      };
      cancelTimer = clock.schedule(abort, attemptTimeoutMs);
      deadline.addEventListener('abort', abort, { once: true });
      const send = async () => transport.send(request, attempt.signal);
      send().then(resolve, reject).finally(end);
    });
  }

  #pause(ms: number, signal: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      if (signal.aborted) return resolve(false);
      const abort = () => {
        cancelTimer();
        resolve(false);
      };
      const cancelTimer = this.#parts.clock.schedule(() => {
        signal.removeEventListener('abort', abort);
        resolve(true);
      }, ms);
      signal.addEventListener('abort', abort, { once: true });
    });
  }
}

/** The error of a question that was given up before anything was sent, by the reason of its signal. */
export function gaveUpUnsent({ reason }: AbortSignal, detail = 'before anything was sent'): IdentityVerifyError {
  if (reason === ('closing' satisfies StopReason)) return identityVerifyError('IDV_SHUTTING_DOWN');
  if (reason !== ('deadline' satisfies StopReason)) return identityVerifyError('IDV_ABORTED');
  return identityVerifyError('IDV_TIMEOUT', { detail, billed: 'no', retryable: true });
}

const CODE_OF_REASON = {
  aborted: 'IDV_TIMEOUT',
  connect: 'IDV_CONNECT_FAILED',
  connection_lost: 'IDV_CONNECTION_LOST',
  too_large: 'IDV_REPLY_TOO_LARGE',
  not_http: 'IDV_REPLY_UNREADABLE',
} as const satisfies Record<WireFailureReason, IdentityVerifyErrorCode>;

const DETAIL_OF_PHASE = {
  unsent: 'nothing was sent',
  sent: 'after the request was sent',
  headers: 'while the reply began',
  body: 'inside the reply',
} as const;

/** A failure on this side of the wire: nothing was sent. */
function notAsked(error: IdentityVerifyError): CallEnd {
  const decoded: DecodedFailure = { kind: 'failure', error, retry: 'never', repeats: 0, health: 'unasked' };
  return { decoded, sent: false, health: 'unasked' };
}
