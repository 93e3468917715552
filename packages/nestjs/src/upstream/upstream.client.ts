import type { Clock } from '../clock.js';
import { identityVerifyError, type IdentityVerifyError } from '../errors/identity-verify.error.js';
import type { Identity } from '../identity/identity.check.js';
import type { CallLimiter } from './call.limiter.js';
import type { CircuitBreaker } from './circuit.breaker.js';
import type { CredentialSource, ResolvedCredentials } from './credentials.js';
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

/** The signals of one call. */
export interface CallSignals {
  /** Ends everything: the total deadline. */
  readonly deadline: AbortSignal;
  /** Ends what has not been sent: at the deadline, and when everybody who asked has gone. */
  readonly unsent: AbortSignal;
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
  async ask(identity: Identity, credentials: CredentialSource, signals: CallSignals): Promise<Decoded> {
    const { breaker, limiter, retry } = this.#parts;
    try {
      if (!(await limiter.acquire(signals.unsent)))
        return refused(identityVerifyError('IDV_OVERLOADED', { retryAfterMs: 1_000 }));
    } catch {
      return refused(this.#gaveUp(signals));
    }
    try {
      const entry = breaker.enter();
      if (entry.waitMs > 0) return refused(identityVerifyError('IDV_CIRCUIT_OPEN', { retryAfterMs: entry.waitMs }));
      let ill: boolean | undefined;
      try {
        retry.called();
        const decoded = await this.#attempts(identity, credentials, signals);
        ill = decoded.kind === 'failure' ? illness(decoded) : false;
        return decoded;
      } finally {
        breaker.ended(entry, ill);
      }
    } finally {
      limiter.release();
    }
  }

  async #attempts(identity: Identity, source: CredentialSource, signals: CallSignals): Promise<Decoded> {
    for (let repeated = 0; ; repeated++) {
      if (signals.unsent.aborted) return refused(this.#gaveUp(signals));
      let credentials: ResolvedCredentials;
      try {
        credentials = await source.resolve();
      } catch {
        return refused(identityVerifyError('IDV_CREDENTIALS_UNAVAILABLE'));
      }
      if (signals.unsent.aborted) return refused(this.#gaveUp(signals));
      const attempt = await this.#attempt(identity, credentials, signals.deadline);
      if ('kind' in attempt) return attempt;
      const waitMs = this.#parts.retry.next(attempt, repeated);
      if (waitMs === undefined || !(await this.#pause(waitMs, signals.unsent))) return attempt.failure;
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
      const decoded = decoder.decode(reply, isPartOf(identity));
      return decoded.kind === 'answer' ? decoded : { failure: decoded };
    } catch (error) {
      // A transport that breaks its promise may have sent anything.
      const { reason, phase, systemCode } =
        error instanceof WireFailure ? error : new WireFailure('connection_lost', 'sent');
      const unsent = phase === 'unsent';
      const code = reason === 'aborted' ? 'IDV_TIMEOUT' : unsent ? 'IDV_CONNECT_FAILED' : CODE_OF_REASON[reason];
      const detail = `${DETAIL_OF_PHASE[phase]}${systemCode ? `, ${systemCode}` : ''}`;
      const failure = wireFailure(code, { detail, ...(unsent && { billed: 'no', retryable: true }) });
      return { failure: unsent ? { ...failure, retry: 'safe' } : failure, phase };
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

  /** Given up before anything was sent. */
  #gaveUp({ deadline }: CallSignals): IdentityVerifyError {
    if (!deadline.aborted) return identityVerifyError('IDV_ABORTED');
    return identityVerifyError('IDV_TIMEOUT', { detail: 'before anything was sent', billed: 'no', retryable: true });
  }
}

const CODE_OF_REASON = {
  aborted: 'IDV_TIMEOUT',
  connect: 'IDV_CONNECT_FAILED',
  connection_lost: 'IDV_CONNECTION_LOST',
  too_large: 'IDV_REPLY_TOO_LARGE',
  not_http: 'IDV_REPLY_UNREADABLE',
} as const satisfies Record<WireFailureReason, string>;

const DETAIL_OF_PHASE = {
  unsent: 'nothing was sent',
  sent: 'after the request was sent',
  headers: 'while the reply began',
  body: 'inside the reply',
} as const;

/** A failure on this side of the wire: nothing was sent. */
function refused(error: IdentityVerifyError): DecodedFailure {
  return { kind: 'failure', error, retry: 'never', ill: false };
}

/** What a failure says about the upstream's health; nothing, when nobody asked it. */
function illness({ ill, error }: DecodedFailure): boolean | undefined {
  return error.category === 'aborted' || error.code === 'IDV_CREDENTIALS_UNAVAILABLE' ? undefined : ill;
}

/** Whether a text repeats a part of the identity. */
function isPartOf({ name, idCard, mobile }: Identity): (text: string) => boolean {
  return (text) => text.includes(name) || text.toUpperCase().includes(idCard) || text.includes(mobile);
}
