import { GATEWAY_HEADERS, type GatewayRow } from '@identity-verify/contract';
import type { ServerResponse } from 'node:http';
import type { ScenarioEffect } from '../scenario/scenario.types.js';
import { headerBytes } from '../wire/raw-reply.js';
import type { Decision } from './decision.types.js';

/** How replies are dressed. */
export interface ReplySettings {
  /** Leaves out every header that the real upstream would not send. */
  readonly strictWire: boolean;
  /** Whether the gateway is a newer instance, which sends `X-Ca-Error-Code` too. */
  readonly errorCodes: boolean;
  /** `X-Ca-Error-Message` of the vendor's replies; undefined leaves the header out. */
  readonly successMessage: string | undefined;
}

type Headers = string[];

/** Body of a reply of the vendor. */
export function vendorBody(effect: Extract<ScenarioEffect, { kind: 'reply' }>, seqNo: string): string {
  const { code, message, data } = effect;
  return JSON.stringify({ code, message, data, seqNo });
}

/** The headers that every reply has. */
export function commonHeaders(
  response: ServerResponse,
  requestId: string,
  decision: Decision,
  { strictWire }: ReplySettings,
): Headers {
  const headers = [GATEWAY_HEADERS.requestId, requestId];
  // Naming the connection keeps node:http from adding a Keep-Alive header of its own.
  if (strictWire) headers.push('Connection', response.shouldKeepAlive ? 'keep-alive' : 'close');
  else headers.push('X-Mock-Decision', describeDecision(decision));
  return headers;
}

/** `queue; scenario=code-10017`: which rule won, and what it asked for. */
export function describeDecision({ stage, rule, play, refusal }: Decision): string {
  if (refusal) return `${stage}; error=${refusal.error}`;
  return `${stage}${rule === undefined ? '' : `; rule=${rule}`}; scenario=${play.scenario.id}`;
}

/**
 * Writes a reply of the vendor: HTTP 200, whatever the code. The body goes as text: node:http then sends it together with
 * the head in one write, where bytes would take two.
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
  // In one write with a text, node:http encodes the head as UTF-8 too, and so a header of UTF-8 bytes twice.
  response.end(successMessage === undefined ? body : Buffer.from(body));
}

/** Writes a refusal of the gateway. Its body is empty, as it often is; the mock's own refusals explain themselves in it. */
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
  // What has no documented message is known by its code alone, so an older gateway sends that one too.
  const code = errorCodes || message === '' ? errorCodeOf(row, status) : undefined;
  if (code !== undefined) all.push(GATEWAY_HEADERS.errorCode, code);
  const body = decision.refusal && !strictWire ? JSON.stringify({ mock: decision.refusal }) : '';
  if (body !== '') all.push('Content-Type', 'application/json;charset=UTF-8');
  response.writeHead(status, [...all, 'Content-Length', String(Buffer.byteLength(body))]);
  response.end(body);
}

/** The code that names the status, where one does. */
function errorCodeOf({ errorCodes }: GatewayRow, status: number): string | undefined {
  return errorCodes.find((code) => code.slice(1, 4) === String(status)) ?? errorCodes[0];
}
