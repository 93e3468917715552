import {
  GATEWAY_ANSWERS,
  GATEWAY_FAMILIES,
  GATEWAY_HEADERS,
  GATEWAY_ROWS,
  GATEWAY_UNLISTED,
  type ErrorVerdict,
  type GatewayFamily,
  type GatewayRow,
  type Retry,
} from '@identity-verify/contract';
import type { WireReply } from './transport.port.js';

const ERROR_MESSAGE = GATEWAY_HEADERS.errorMessage.toLowerCase();
const ERROR_CODE = GATEWAY_HEADERS.errorCode.toLowerCase();

/** The gateway's answer, and the row or family that describes it. */
export interface GatewayAnswer {
  /** The id of the row; the gateway's own code if only a family fits; `gateway` if there is no printable code. */
  readonly id: string;
  readonly verdict: ErrorVerdict;
  /** The reason why the verdict is more cautious than the row's. */
  readonly doubt?: string;
}

/** One code or message with its verdict. */
interface Reading {
  readonly id: string;
  readonly verdict: ErrorVerdict;
  readonly statuses: readonly number[];
}

const ROWS: readonly GatewayRow[] = GATEWAY_ROWS;
const FAMILIES: readonly GatewayFamily[] = GATEWAY_FAMILIES;

/** Maximum number of characters read of a message. Every text of the tables is shorter. */
const MAX_TEXT = 200;

/** The texts that identify a message, longest first, so that no text is mistaken for the beginning of another. */
const TEXTS = GATEWAY_ANSWERS.map((row) => ({
  text: plain(row.prefix ?? row.message),
  row,
  open: row.prefix !== undefined,
})).sort((a, b) => b.text.length - a.text.length);

/**
 * Recognises an answer that the gateway gave instead of the vendor.
 *
 * `X-Ca-Error-Code` always comes from the gateway. A message comes from it if the status is not 200. On a 200, only a
 * message that names a refusal counts, because successes can carry `X-Ca-Error-Message: OK`. If several codes and
 * messages disagree, the most cautious one wins. A refusal with a status that does not fit it proves nothing.
 *
 * Messages are matched and never passed on: the message for a wrong signature repeats the whole request, including name
 * and ID number.
 */
export function recogniseGateway({
  status,
  headers,
}: Pick<WireReply, 'status' | 'headers'>): GatewayAnswer | undefined {
  // As in every answer of the vendor: no code and no message is no answer of the gateway.
  if (headers[ERROR_CODE] === undefined && headers[ERROR_MESSAGE] === undefined) return undefined;
  const codes = partsOf(headers[ERROR_CODE] ?? '');
  // Header values are raw UTF-8 bytes, which Node reads as latin1.
  const text = Buffer.from(headers[ERROR_MESSAGE] ?? '', 'latin1').toString('utf8');
  const messages = partsOf(text).map(plain).filter(Boolean);
  const readings = [...messages.flatMap(readMessage), ...codes.map(readCode)];
  if (readings.length === 0) {
    if (status === 200 || messages.every((message) => message === 'ok')) return undefined;
    readings.push(unlisted('gateway'));
  }
  const { id, verdict } = readings.reduce(moreCautious);
  if (verdict.billed !== 'no' || readings.every(({ statuses }) => fits(status, statuses))) return { id, verdict };
  return {
    id,
    verdict: { ...verdict, billed: 'unknown', retry: 'ambiguous' },
    doubt: `HTTP ${status} does not fit this refusal`,
  };
}

/** Node joins repeated headers with a comma. White space and invisible characters are ignored. */
function partsOf(value: string): string[] {
  return value
    .split(',')
    .map((part) => part.replace(/[\s\p{C}]+/gu, ' ').trim())
    .filter(Boolean);
}

/** Returns the message in lower case, without the punctuation around it. */
function plain(text: string): string {
  return text
    .slice(0, MAX_TEXT)
    .replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '')
    .toLowerCase();
}

function readMessage(message: string): Reading[] {
  const found = TEXTS.find(({ text, open }) => (open ? beginsWith(message, text) : message === text));
  return found ? [{ id: found.row.id, verdict: verdictOf(found.row), statuses: found.row.statuses }] : [];
}

/** Compares whole words: the message may continue only after a word of the text has ended. */
function beginsWith(message: string, text: string): boolean {
  return message.startsWith(text) && !/^[\p{L}\p{N}]/u.test(message.slice(text.length));
}

function readCode(written: string): Reading {
  const code = written.toUpperCase();
  const row = ROWS.find(({ errorCodes }) => errorCodes.includes(code));
  if (row) return { id: row.id, verdict: verdictOf(row), statuses: row.statuses };
  if (!/^[A-Z]\d{3}[A-Z0-9]{0,3}$/.test(code)) return unlisted('gateway');
  const family = FAMILIES.find(({ codePrefix }) => code.startsWith(codePrefix));
  return family ? { id: code, verdict: verdictOf(family), statuses: family.statuses } : unlisted(code);
}

const unlisted = (id: string): Reading => ({ id, verdict: GATEWAY_UNLISTED, statuses: [] });

function verdictOf({ kind, category, retry, billed, httpStatus }: ErrorVerdict): ErrorVerdict {
  return { kind, category, retry, billed, httpStatus };
}

/** From the most cautious to the least. */
const RETRIES: readonly Retry[] = ['ambiguous', 'never', 'days_later', 'not_today', 're_sign', 'safe'];

const caution = ({ billed, retry }: ErrorVerdict) => (billed === 'no' ? RETRIES.length : 0) + RETRIES.indexOf(retry);

/**
 * Returns the more cautious of two readings. A repetition is safe only if both allow the same one; `safe` is the least
 * cautious, so it wins against nothing else.
 */
function moreCautious(a: Reading, b: Reading): Reading {
  const [winner, other] = caution(b.verdict) < caution(a.verdict) ? [b, a] : [a, b];
  if (winner.verdict.retry !== 're_sign' || other.verdict.retry === 're_sign') return winner;
  return { ...winner, verdict: { ...winner.verdict, retry: 'never' } };
}

/** The gateway's tables disagree about the exact status of a refusal, but not about its class. */
function fits(status: number, statuses: readonly number[]): boolean {
  return statuses.includes(status) || (isClientError(status) && statuses.some(isClientError));
}

const isClientError = (status: number) => status >= 400 && status < 500;

/** Fields and codes that only the vendor's replies contain, anywhere in the bytes, which may not be JSON. */
const OF_THE_VENDOR = /"(?:seqNo|state)"\s*:|"code"\s*:\s*"?\d{5}\b/;

/**
 * Returns whether a body may contain an answer of the vendor, even a damaged one. True for a compressed body, which
 * cannot be read.
 */
export function mayBeOfVendor({ headers, body }: Pick<WireReply, 'headers' | 'body'>): boolean {
  if (body.length === 0) return false;
  const encoding = headers['content-encoding']?.trim().toLowerCase() ?? '';
  if (encoding !== '' && encoding !== 'identity') return true;
  return OF_THE_VENDOR.test(Buffer.from(body).toString('latin1'));
}
