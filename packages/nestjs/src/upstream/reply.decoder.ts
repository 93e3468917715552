import {
  GATEWAY_HEADERS,
  GATEWAY_ANSWERS,
  parseReply,
  type AnswerVerdict,
  type Billed,
  type ErrorVerdict,
  type Outcome,
  type Retry,
} from '@identity-verify/contract';
import {
  CONSEQUENCES,
  isRepeatable,
  type CallHealth,
  type Consequence,
  type LatchName,
} from '../errors/consequences.data.js';
import type { ERROR_CODES } from '../errors/error-codes.data.js';
import { identityVerifyError, type ErrorDetails, type IdentityVerifyError } from '../errors/identity-verify.error.js';
import type { Identity } from '../identity/identity.check.js';
import type { CodeTable } from './code.table.js';
import type { Writable } from '../support/writable.types.js';
import { EchoDetector } from './echo.detector.js';
import { mayBeOfVendor, recogniseGateway, type GatewayAnswer } from './gateway.recogniser.js';
import { RecentReplies } from './recent.replies.js';
import { readCode, readRequestId, readSeqNo } from './reply.ids.js';
import type { WireReply } from './transport.port.js';

/** A reply that answers the question. */
export interface DecodedAnswer {
  readonly kind: 'answer';
  readonly outcome: Outcome;
  readonly billed: Billed;
  readonly code: string;
  readonly seqNo?: string;
  readonly requestId?: string;
}

/** Any other result of a call, with the facts that the caller needs. */
export interface DecodedFailure {
  readonly kind: 'failure';
  readonly error: IdentityVerifyError;
  readonly retry: Retry;
  /** Maximum number of repetitions, if `retry` and `billed` allow any. */
  readonly repeats: number;
  /** Close this latch: the account's quota is exhausted, or its access is denied. */
  readonly latch?: LatchName;
  /** Block this one question. */
  readonly block?: boolean;
  /** The evidence about the upstream, for the circuit breaker. */
  readonly health: CallHealth;
}

/** The errors that this module raises itself, about a reply or a missing one. */
type WireErrorCode = {
  [Code in keyof typeof ERROR_CODES]: (typeof ERROR_CODES)[Code]['family'] extends 'transport' ? Code : never;
}[keyof typeof ERROR_CODES];

export type Decoded = DecodedAnswer | DecodedFailure;

export interface DecoderOptions {
  readonly codes: CodeTable;
  /** Media types of replies that are read. */
  readonly replyContentTypes: readonly string[];
  /** Earlier replies, to detect duplicates. @default none */
  readonly recent?: RecentReplies;
}

const REQUEST_ID = GATEWAY_HEADERS.requestId.toLowerCase();

/**
 * Decodes a reply in this order: the gateway's headers and the body, status, media type, shape, code table. Only
 * `10000` with `data.state` `"1"`, in a reply without any flaw, is a match.
 */
export class ReplyDecoder {
  readonly #codes: CodeTable;
  readonly #contentTypes: readonly string[];
  readonly #recent: RecentReplies;
  /** The last content type that was read. An upstream has one, so it is nearly always the next one. */
  #readableType: string | undefined;

  constructor({ codes, replyContentTypes, recent = new RecentReplies() }: DecoderOptions) {
    this.#codes = codes;
    this.#contentTypes = replyContentTypes;
    this.#recent = recent;
  }

  /**
   * Decodes a reply. Each reply can be decoded only once; the second time it counts as a duplicate.
   *
   * @param asked the person of the question; a part of it that the reply repeats is not passed on, and no free text is
   */
  decode(reply: WireReply, asked: Identity): Decoded {
    const echo = new EchoDetector(asked);
    const requestId = readRequestId(reply.headers[REQUEST_ID], echo);
    if (requestId !== undefined && this.#recent.hasRequestId(requestId)) return seenBefore();
    const known = requestId === undefined ? {} : { requestId };

    const gateway = recogniseGateway(reply);
    if (gateway) return this.#gatewayFailure(gateway, reply, known, echo);
    const status = statusFailure(reply, known);
    if (status) return status;
    const unreadable = this.#unreadable(reply);
    if (unreadable) return wireFailure('IDV_REPLY_UNREADABLE', { ...known, detail: unreadable });

    const parsed = parseReply(reply.body);
    if (!parsed.ok) return wireFailure('IDV_REPLY_UNREADABLE', { ...known, detail: parsed.fault });
    const { code, state } = parsed.reply;
    const seqNo = readSeqNo(parsed.reply.seqNo, echo);
    if (seqNo !== undefined && this.#recent.hasSeqNo(seqNo)) return seenBefore();
    const verdict = this.#codes.verdict(code, state);
    if (verdict?.kind === 'answer') return answer(verdict, code, seqNo, requestId);
    const ids = { ...known, ...(seqNo !== undefined && { seqNo }) };
    if (!verdict) {
      const upstreamCode = readCode(code, echo);
      const error = identityVerifyError('IDV_UNKNOWN_CODE', { ...ids, upstreamCode, detail: upstreamCode });
      return { kind: 'failure', error, retry: 'never', repeats: 0, health: 'well' };
    }
    return upstreamFailure(verdict, { ...ids, upstreamCode: code });
  }

  /** A refusal of the gateway together with an answer of the vendor proves neither: it may have been billed. */
  #gatewayFailure(
    { id, verdict, doubt }: GatewayAnswer,
    reply: WireReply,
    known: ErrorDetails,
    echo: EchoDetector,
  ): DecodedFailure {
    // A row has an id of this project. A code without a row comes from the reply.
    const isOurs = GATEWAY_ANSWERS.some((row) => row.id === id);
    const ids = { ...known, upstreamCode: isOurs ? id : readCode(id, echo) };
    const parsed = parseReply(reply.body);
    const isVendorCode = parsed.ok && this.#codes.verdict(parsed.reply.code, parsed.reply.state) !== undefined;
    if (!isVendorCode && !mayBeOfVendor(reply))
      return upstreamFailure(verdict, { ...ids, ...(doubt !== undefined && { detail: doubt }) });
    const seqNo = parsed.ok ? readSeqNo(parsed.reply.seqNo, echo) : undefined;
    const detail = `the gateway refused the call and the vendor answered it: HTTP ${reply.status}, ${ids.upstreamCode}`;
    return wireFailure('IDV_REPLY_UNREADABLE', { ...ids, ...(seqNo !== undefined && { seqNo }), detail });
  }

  #unreadable({ headers }: WireReply): string | undefined {
    const encoding = headers['content-encoding'];
    if (encoding !== undefined && encoding.toLowerCase() !== 'identity') return 'compressed without being requested';
    const contentType = headers['content-type'];
    if (contentType !== undefined && contentType === this.#readableType) return undefined;
    const unreadable = this.#unreadableAs(contentType);
    if (unreadable === undefined) this.#readableType = contentType;
    return unreadable;
  }

  #unreadableAs(contentType = ''): string | undefined {
    const [mediaType = '', ...parameters] = contentType
      .toLowerCase()
      .split(';')
      .map((part) => part.trim());
    // The value is not repeated: it comes from an unknown sender.
    if (!this.#contentTypes.includes(mediaType)) return 'media type is not JSON; see the option `replyContentTypes`';
    const charset = parameters
      .find((parameter) => parameter.startsWith('charset='))
      ?.slice(8)
      .replaceAll('"', '');
    return charset === undefined || charset === 'utf-8' || charset === 'utf8'
      ? undefined
      : 'character set is not UTF-8';
  }
}

function answer(
  { outcome, billed }: AnswerVerdict,
  code: string,
  seqNo: string | undefined,
  requestId: string | undefined,
): Decoded {
  // Every reply that the vendor documents has a seqNo. Without a valid one, a reply is not accepted as a match.
  if (outcome === 'match' && seqNo === undefined)
    return wireFailure('IDV_REPLY_UNREADABLE', { detail: 'no seqNo', ...(requestId !== undefined && { requestId }) });
  const decoded: Writable<DecodedAnswer> = { kind: 'answer', outcome, billed, code };
  if (seqNo !== undefined) decoded.seqNo = seqNo;
  if (requestId !== undefined) decoded.requestId = requestId;
  return decoded;
}

/** Without the ids, which belong to the earlier call. */
function seenBefore(): DecodedFailure {
  return wireFailure('IDV_REPLY_UNREADABLE', { detail: 'an earlier reply had the same seqNo or request id' });
}

function statusFailure({ status, headers }: WireReply, ids: ErrorDetails): DecodedFailure | undefined {
  if (status === 200) return undefined;
  if (status >= 300 && status < 400) return wireFailure('IDV_REDIRECTED', { ...ids, detail: `HTTP ${status}` });
  const details = { ...ids, detail: `HTTP ${status}` };
  if (status === 408 || status === 504) return wireFailure('IDV_TIMEOUT', details);
  if (status === 429) {
    // Whole seconds only: a fraction could contain any digits.
    const seconds = /^\d{1,6}$/.test(headers['retry-after'] ?? '') ? Number(headers['retry-after']) : 0;
    return wireFailure('IDV_HTTP_STATUS', {
      ...details,
      httpStatus: 503,
      ...(seconds > 0 && { retryAfterMs: Math.min(seconds, 3_600) * 1_000 }),
    });
  }
  return wireFailure('IDV_HTTP_STATUS', details);
}

function upstreamFailure({ category, retry, billed, httpStatus }: ErrorVerdict, details: ErrorDetails): DecodedFailure {
  const consequence: Consequence = CONSEQUENCES[category];
  const { code, latch, blocks, health } = consequence;
  return {
    kind: 'failure',
    error: identityVerifyError(code, { ...details, billed, httpStatus, retryable: isRepeatable(retry, billed) }),
    retry,
    repeats: consequence.repeats,
    // A call that may have been billed was not refused by the gateway, so it closes no latch.
    ...(latch && billed === 'no' && retry !== 're_sign' && { latch }),
    ...(blocks && { block: true }),
    health,
  };
}

/** Makes the failure of a reply that does not follow the contract. It may have been billed. */
export function wireFailure(code: WireErrorCode, details: ErrorDetails): DecodedFailure {
  return { kind: 'failure', error: identityVerifyError(code, details), retry: 'ambiguous', repeats: 0, health: 'ill' };
}
