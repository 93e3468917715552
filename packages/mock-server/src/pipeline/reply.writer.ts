import { GATEWAY_HEADERS, type GatewayRow } from '@identity-verify/contract';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ScenarioEffect } from '../scenario/scenario.types.js';
import { headerBytes } from '../wire/raw-reply.js';
import { bytesOf, sendWhole } from '../wire/whole-reply.js';
import type { Decision } from './decision.types.js';

/** Settings for the headers of replies. */
export interface ReplySettings {
  /** Omits every header that the real upstream would not send. */
  readonly strictWire: boolean;
  /** Sends `X-Ca-Error-Code`, as newer gateway instances do. */
  readonly errorCodes: boolean;
  /** `X-Ca-Error-Message` of the vendor's replies; undefined omits the header. */
  readonly successMessage: string | undefined;
}

type VendorReply = Extract<ScenarioEffect, { kind: 'reply' }>;
type Headers = string[];

const JSON_TYPE = 'application/json;charset=UTF-8';

/** The body of a vendor reply. */
export function vendorBody(effect: VendorReply, seqNo: string): string {
  const { code, message, data } = effect;
  return JSON.stringify({ code, message, data, seqNo });
}

/** The bytes of a body before its seqNo. The seqNo is the last field, so they are the same for every call. */
const beforeSeqNo = new WeakMap<VendorReply, string>();
const AFTER_SEQ_NO = '"}';

/** @param seqNo ASCII without quotes, as {@link SeqNoCounter} makes it */
function vendorBytes(effect: VendorReply, seqNo: string): string {
  let before = beforeSeqNo.get(effect);
  if (before === undefined) {
    before = bytesOf(vendorBody(effect, '')).slice(0, -AFTER_SEQ_NO.length);
    beforeSeqNo.set(effect, before);
  }
  return before + seqNo + AFTER_SEQ_NO;
}

/** Adds the headers of every reply. */
function addCommonHeaders(
  headers: Headers,
  response: ServerResponse,
  requestId: string,
  decision: Decision,
  { strictWire }: ReplySettings,
): void {
  headers.push(GATEWAY_HEADERS.requestId, requestId);
  // An explicit Connection header prevents Keep-Alive, which node:http would add.
  if (strictWire) headers.push('Connection', response.shouldKeepAlive ? 'keep-alive' : 'close');
  else headers.push('X-Mock-Decision', describeDecision(decision));
}

/** Formats `X-Mock-Decision`: the stage that decided and its scenario, for example `queue; scenario=code-10017`. */
function describeDecision({ stage, rule, play, refusal }: Decision): string {
  if (refusal) return `${stage}; error=${refusal.error}`;
  return `${stage}${rule === undefined ? '' : `; rule=${rule}`}; scenario=${play.scenario.id}`;
}

/** Writes the replies of the vendor and of the gateway. */
export class ReplyWriter {
  readonly #settings: ReplySettings;
  readonly #successMessage: string | undefined;

  constructor(settings: ReplySettings) {
    this.#settings = settings;
    const { successMessage } = settings;
    this.#successMessage = successMessage === undefined ? undefined : headerBytes(successMessage);
  }

  /** Writes a reply of the vendor: HTTP 200 for every code. */
  vendor(
    request: IncomingMessage,
    response: ServerResponse,
    requestId: string,
    decision: Decision,
    effect: VendorReply,
    seqNo: string,
  ): void {
    const body = vendorBytes(effect, seqNo);
    const headers = ['Content-Type', JSON_TYPE, 'Content-Length', String(body.length)];
    addCommonHeaders(headers, response, requestId, decision, this.#settings);
    if (this.#successMessage !== undefined) headers.push(GATEWAY_HEADERS.errorMessage, this.#successMessage);
    sendWhole(request, response, { status: 200, headers, body });
  }

  /** Writes a refusal of the gateway, usually without a body. Refusals of the mock itself are explained in the body. */
  gateway(
    request: IncomingMessage,
    response: ServerResponse,
    requestId: string,
    decision: Decision,
    row: GatewayRow,
    status: number,
  ): void {
    const { errorCodes, strictWire } = this.#settings;
    const headers: Headers = [];
    addCommonHeaders(headers, response, requestId, decision, this.#settings);
    const message = decision.gatewayMessage ?? row.message;
    if (message !== '') headers.push(GATEWAY_HEADERS.errorMessage, headerBytes(message));
    // A row without a documented message is identified by its code only, so older gateways send the code as well.
    const code = errorCodes || message === '' ? errorCodeOf(row, status) : undefined;
    if (code !== undefined) headers.push(GATEWAY_HEADERS.errorCode, code);
    const body = decision.refusal && !strictWire ? bytesOf(JSON.stringify({ mock: decision.refusal })) : '';
    if (body !== '') headers.push('Content-Type', JSON_TYPE);
    headers.push('Content-Length', String(body.length));
    sendWhole(request, response, { status, headers, body });
  }
}

/** Returns the code that contains the status, or else the first code. */
function errorCodeOf({ errorCodes }: GatewayRow, status: number): string | undefined {
  return errorCodes.find((code) => code.slice(1, 4) === String(status)) ?? errorCodes[0];
}
