import {
  GATEWAY_HEADERS,
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
import type { CodeTable } from './code.table.js';
import { recogniseGateway } from './gateway.recogniser.js';
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

/** Anything else, with what the next stations need to know of it. */
export interface DecodedFailure {
  readonly kind: 'failure';
  readonly error: IdentityVerifyError;
  readonly retry: Retry;
  /** Most repetitions, where `retry` and `billed` allow any. */
  readonly repeats: number;
  /** Close the door for everybody: the account ran out, or was turned away. */
  readonly latch?: LatchName;
  /** Block this one question. */
  readonly block?: boolean;
  /** What it says about the upstream, for the circuit breaker. */
  readonly health: CallHealth;
}

/** The errors of a reply, or of its absence, that neither the vendor nor the gateway has sent. */
type WireErrorCode = {
  [Code in keyof typeof ERROR_CODES]: (typeof ERROR_CODES)[Code]['family'] extends 'transport' ? Code : never;
}[keyof typeof ERROR_CODES];

export type Decoded = DecodedAnswer | DecodedFailure;

export interface DecoderOptions {
  readonly codes: CodeTable;
  /** Media types under which a reply is read. */
  readonly replyContentTypes: readonly string[];
}

/**
 * Reads a reply: the gateway's headers, then status, media type, shape, and the code table. A match is `10000` with
 * `data.state` `"1"` in a reply without any flaw, and nothing else.
 */
export class ReplyDecoder {
  readonly #codes: CodeTable;
  readonly #contentTypes: readonly string[];

  constructor({ codes, replyContentTypes }: DecoderOptions) {
    this.#codes = codes;
    this.#contentTypes = replyContentTypes;
  }

  /** `isPersonal` tells whether a text contains a part of the identity, so that no echo of it gets any further. */
  decode(reply: WireReply, isPersonal: (text: string) => boolean): Decoded {
    const opaque = (value: string | undefined) =>
      value !== undefined && /^[\x21-\x7e]{1,128}$/.test(value) && !isPersonal(value) ? value : undefined;
    const requestId = opaque(reply.headers[GATEWAY_HEADERS.requestId.toLowerCase()]);
    const known = requestId === undefined ? {} : { requestId };

    const gateway = recogniseGateway(reply);
    if (gateway) return upstreamFailure(gateway.verdict, { ...known, upstreamCode: gateway.id });
    const status = statusFailure(reply, known);
    if (status) return status;
    const unreadable = this.#unreadable(reply);
    if (unreadable) return wireFailure('IDV_REPLY_UNREADABLE', { ...known, detail: unreadable });

    const parsed = parseReply(reply.body);
    if (!parsed.ok) return wireFailure('IDV_REPLY_UNREADABLE', { ...known, detail: parsed.fault });
    const { code, state } = parsed.reply;
    const seqNo = opaque(parsed.reply.seqNo);
    const ids = { ...known, ...(seqNo !== undefined && { seqNo }) };
    const verdict = this.#codes.verdict(code, state);
    if (!verdict) {
      const upstreamCode = opaque(code)?.slice(0, 32) ?? 'unprintable';
      const message = isPersonal(parsed.reply.message)
        ? ''
        : parsed.reply.message.replace(/[\p{C}\d]/gu, '').slice(0, 60);
      const error = identityVerifyError('IDV_UNKNOWN_CODE', {
        ...ids,
        upstreamCode,
        detail: `${upstreamCode} ${message}`.trim(),
      });
      return { kind: 'failure', error, retry: 'never', repeats: 0, health: 'well' };
    }
    if (verdict.kind === 'error') return upstreamFailure(verdict, { ...ids, upstreamCode: code });
    return answer(verdict, code, parsed.reply.seqNo, ids);
  }

  #unreadable({ headers }: WireReply): string | undefined {
    const encoding = headers['content-encoding'];
    if (encoding !== undefined && encoding.toLowerCase() !== 'identity') return 'compressed, though not asked for';
    const [mediaType = '', ...parameters] = (headers['content-type'] ?? '')
      .toLowerCase()
      .split(';')
      .map((part) => part.trim());
    // The value itself is not repeated: whoever answered wrote it.
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
  verdict: AnswerVerdict,
  code: string,
  rawSeqNo: string | undefined,
  ids: { requestId?: string; seqNo?: string },
): Decoded {
  // Every reply the vendor documents has a seqNo. A match is not taken from one that lacks it.
  if (verdict.outcome === 'match' && !rawSeqNo)
    return wireFailure('IDV_REPLY_UNREADABLE', { ...ids, detail: 'no seqNo' });
  return { kind: 'answer', outcome: verdict.outcome, billed: verdict.billed, code, ...ids };
}

function statusFailure({ status, headers }: WireReply, ids: ErrorDetails): DecodedFailure | undefined {
  if (status === 200) return undefined;
  if (status >= 300 && status < 400) return wireFailure('IDV_REDIRECTED', { ...ids, detail: `HTTP ${status}` });
  const details = { ...ids, detail: `HTTP ${status}` };
  if (status === 408 || status === 504) return wireFailure('IDV_TIMEOUT', details);
  if (status === 429) {
    const seconds = Number(headers['retry-after']);
    return wireFailure('IDV_HTTP_STATUS', {
      ...details,
      httpStatus: 503,
      ...(Number.isFinite(seconds) && seconds > 0 && { retryAfterMs: Math.min(seconds, 3_600) * 1_000 }),
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
    ...(latch && retry !== 're_sign' && { latch }),
    ...(blocks && { block: true }),
    health,
  };
}

/** What came is not the upstream's as documented: it may have been billed all the same. */
export function wireFailure(code: WireErrorCode, details: ErrorDetails): DecodedFailure {
  return { kind: 'failure', error: identityVerifyError(code, details), retry: 'ambiguous', repeats: 0, health: 'ill' };
}
