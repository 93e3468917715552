import type { Clock } from '../support/clock.js';
import type { IdentityVerifyErrorCode } from '../errors/error-codes.data.js';
import type { Identity } from '../identity/identity.check.js';
import type { ResolvedCredentials } from '../accounts/credentials.js';
import type { Carrier } from './carrier.js';
import { wireFailure, type Decoded, type ReplyDecoder } from './reply.decoder.js';
import { buildRequest } from './request.builder.js';
import type { FailedAttempt } from './retry.policy.js';
import { Stop, type StopSignal } from './stop.js';
import { WireFailure, type WireFailureReason, type WireReply, type WireRequest } from './transport.port.js';

/** The parts of an attempt. */
export interface WireAttemptParts {
  readonly url: URL;
  readonly carrier: Carrier;
  readonly decoder: ReplyDecoder;
  readonly clock: Clock;
  /** Deadline of one attempt, in milliseconds. */
  readonly attemptTimeoutMs: number;
}

/** Time that a transport has to end after its signal aborts, in milliseconds. */
const ABORT_GRACE_MS = 25;

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
  headers: 'in the headers of the reply',
  body: 'in the body of the reply',
} as const;

/** Sends a question once, and decodes the reply or the failure. */
export class WireAttempt {
  readonly #parts: WireAttemptParts;

  constructor(parts: WireAttemptParts) {
    this.#parts = parts;
  }

  /** Never rejects. */
  async run(
    identity: Identity,
    credentials: ResolvedCredentials,
    deadline: StopSignal,
  ): Promise<Decoded | FailedAttempt> {
    const { url, decoder, clock } = this.#parts;
    try {
      const reply = await this.#send(buildRequest(url, identity, credentials, clock.now()), deadline);
      const decoded = decoder.decode(reply, identity);
      // Nothing else on this connection can be trusted as an answer either.
      if (decoded.kind === 'failure' && decoded.error.code === 'IDV_REPLY_UNREADABLE') reply.drop?.();
      return decoded.kind === 'answer' ? decoded : { failure: decoded };
    } catch (error) {
      // Another error breaks the transport's contract; the request may have been sent.
      const { reason, phase, systemCode } =
        error instanceof WireFailure ? error : new WireFailure('connection_lost', 'sent');
      const unsent = phase === 'unsent';
      const code = reason === 'aborted' ? 'IDV_TIMEOUT' : unsent ? 'IDV_CONNECT_FAILED' : CODE_OF_REASON[reason];
      const detail = `${DETAIL_OF_PHASE[phase]}${systemCode ? `, ${systemCode}` : ''}`;
      const failure = wireFailure(code, { detail, ...(unsent && { billed: 'no', retryable: true }) });
      return { failure: unsent ? { ...failure, retry: 'safe', repeats: Infinity } : failure, phase };
    }
  }

  /** Sends one request with the deadline of an attempt. Does not wait for a transport that ignores its signal. */
  #send(request: WireRequest, deadline: StopSignal): Promise<WireReply> {
    const { carrier, clock, attemptTimeoutMs } = this.#parts;
    return new Promise((resolve, reject) => {
      const attempt = new Stop();
      let cancelTimer: () => void;
      const stop = () => {
        end();
        cancelTimer = clock.schedule(() => reject(new WireFailure('aborted', 'sent')), ABORT_GRACE_MS);
        attempt.stop('deadline');
      };
      const end = () => {
        cancelTimer();
        deadline.offStop(stop);
      };
      cancelTimer = clock.schedule(stop, attemptTimeoutMs);
      deadline.onStop(stop);
      carrier.carry(request, attempt).then(
        (reply) => {
          end();
          resolve(reply);
        },
        (error: unknown) => {
          end();
          reject(error);
        },
      );
    });
  }
}
