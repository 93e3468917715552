import { GATEWAY_HEADERS, type GatewayRow } from '@identity-verify/contract';
import type { ServerResponse } from 'node:http';
import type { ScenarioEffect } from '../scenario/scenario.types.js';
import { headerBytes } from '../wire/raw-reply.js';
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

type Headers = string[];

/** The body of a vendor reply. */
export function vendorBody(effect: Extract<ScenarioEffect, { kind: 'reply' }>, seqNo: string): string {
  const { code, message, data } = effect;
  return JSON.stringify({ code, message, data, seqNo });
}

/** The headers of every reply. */
export function commonHeaders(
  response: ServerResponse,
  requestId: string,
  decision: Decision,
  { strictWire }: ReplySettings,
): Headers {
  const headers = [GATEWAY_HEADERS.requestId, requestId];
  // An explicit Connection header prevents node:http from adding Keep-Alive.
  if (strictWire) headers.push('Connection', response.shouldKeepAlive ? 'keep-alive' : 'close');
  else headers.push('X-Mock-Decision', describeDecision(decision));
  return headers;
}

/** Formats `X-Mock-Decision`: the stage that decided and its scenario, for example `queue; scenario=code-10017`. */
export function describeDecision({ stage, rule, play, refusal }: Decision): string {
  if (refusal) return `${stage}; error=${refusal.error}`;
  return `${stage}${rule === undefined ? '' : `; rule=${rule}`}; scenario=${play.scenario.id}`;
}

/**
 * Writes a reply of the vendor: HTTP 200 for every code. The body is a string, because node:http then sends head and
 * body in one write; a buffer would take two.
 */
export function writeVendorReply(
  response: ServerResponse,
  body: string,
  headers: Headers,
  { successMessage }: ReplySettings,
): void {
  const length = String(Buffer.byteLength(body));
  if (successMessage !== undefined) headers.push(GATEWAY_HEADERS.errorMessage, headerBytes(successMessage));
  response.writeHead(200, ['Content-Type', 'application/json;charset=UTF-8', 'Content-Length', length, ...headers]);
  // With a string body, node:http encodes the head as UTF-8 too, which would encode the bytes of this header twice.
  response.end(successMessage === undefined ? body : Buffer.from(body));
}

/** Writes a refusal of the gateway, usually without a body. Refusals of the mock itself are explained in the body. */
export function writeGatewayReply(
  response: ServerResponse,
  row: GatewayRow,
  status: number,
  decision: Decision,
  headers: Headers,
  { errorCodes, strictWire }: ReplySettings,
): void {
  const all = [...headers];
  const message = decision.gatewayMessage ?? row.message;
  if (message !== '') all.push(GATEWAY_HEADERS.errorMessage, headerBytes(message));
  // A row without a documented message is identified by its code only, so older gateways send the code as well.
  const code = errorCodes || message === '' ? errorCodeOf(row, status) : undefined;
  if (code !== undefined) all.push(GATEWAY_HEADERS.errorCode, code);
  const body = decision.refusal && !strictWire ? JSON.stringify({ mock: decision.refusal }) : '';
  if (body !== '') all.push('Content-Type', 'application/json;charset=UTF-8');
  response.writeHead(status, [...all, 'Content-Length', String(Buffer.byteLength(body))]);
  response.end(body);
}

/** Returns the code that contains the status, or else the first code. */
function errorCodeOf({ errorCodes }: GatewayRow, status: number): string | undefined {
  return errorCodes.find((code) => code.slice(1, 4) === String(status)) ?? errorCodes[0];
}
