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

/** What the gateway said, by the row or family it was recognised as. */
export interface GatewayAnswer {
  /** Id of the row; the gateway's own code where only a family fits; `gateway` where there is no printable code. */
  readonly id: string;
  readonly verdict: ErrorVerdict;
  /** Why the verdict is more cautious than the row's. */
  readonly doubt?: string;
}

/** One code or message, as it was understood. */
interface Reading {
  readonly id: string;
  readonly verdict: ErrorVerdict;
  readonly statuses: readonly number[];
}

const ROWS: readonly GatewayRow[] = GATEWAY_ROWS;
const FAMILIES: readonly GatewayFamily[] = GATEWAY_FAMILIES;

/** How much of a message is read, in characters: longer than every text of the tables. */
const MAX_TEXT = 200;

/** Texts by which a message is recognised. The longest is asked first, so that none is taken for another one's beginning. */
const TEXTS = GATEWAY_ANSWERS.flatMap((row) => {
  const text = plain(row.prefix ?? row.message);
  return text === '' ? [] : [{ text, row, open: row.prefix !== undefined }];
}).sort((a, b) => b.text.length - a.text.length);

/**
 * Whether the gateway answered in the vendor's place, and what it meant.
 *
 * `X-Ca-Error-Code` is the gateway's own word under any status. A message is so under a status other than 200; on a 200
 * only a message that names a refusal counts, because successes can carry `X-Ca-Error-Message: OK`. Where several codes
 * and messages disagree, the most cautious reading wins. A refusal under a status that does not fit it proves nothing.
 *
 * Messages are matched and never passed on: a refused signature echoes the whole request, name and ID number included.
 */
export function recogniseGateway({
  status,
  headers,
}: Pick<WireReply, 'status' | 'headers'>): GatewayAnswer | undefined {
  const codes = partsOf(headers[ERROR_CODE] ?? '');
  // Header values arrive as raw UTF-8 bytes, which Node reads as latin1.
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

/** Node joins headers that came twice with a comma. White space and invisible characters make no difference. */
function partsOf(value: string): string[] {
  return value
    .split(',')
    .map((part) => part.replace(/[\s\p{C}]+/gu, ' ').trim())
    .filter(Boolean);
}

/** A message without what makes no difference: case, and punctuation around it. */
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

/** A text goes on after a whole word, or it is another text. */
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

/** How willingly a call is repeated, the most cautious first. */
const RETRIES: readonly Retry[] = ['ambiguous', 'never', 'days_later', 'not_today', 're_sign', 'safe'];

const caution = ({ billed, retry }: ErrorVerdict) => (billed === 'no' ? RETRIES.length : 0) + RETRIES.indexOf(retry);

/** The more cautious of two readings. A repetition is safe only where both name the same one. */
function moreCautious(a: Reading, b: Reading): Reading {
  const [winner, other] = caution(b.verdict) < caution(a.verdict) ? [b, a] : [a, b];
  const repeats = winner.verdict.retry === 're_sign' || winner.verdict.retry === 'safe';
  if (!repeats || winner.verdict.retry === other.verdict.retry) return winner;
  return { ...winner, verdict: { ...winner.verdict, retry: 'never' } };
}

/** The tables disagree about the exact status of a refusal, but not about its class. */
function fits(status: number, statuses: readonly number[]): boolean {
  return statuses.includes(status) || (isClientError(status) && statuses.some(isClientError));
}

const isClientError = (status: number) => status >= 400 && status < 500;

/** Fields and codes that only the vendor's replies have, wherever they stand in bytes that may be no JSON. */
const OF_THE_VENDOR = /"(?:seqNo|state)"\s*:|"code"\s*:\s*"?\d{5}\b/;

/**
 * Whether a body may hold an answer of the vendor, in whatever condition. One that cannot be read, because it is
 * compressed, may.
 */
export function mayBeOfVendor({ headers, body }: Pick<WireReply, 'headers' | 'body'>): boolean {
  if (body.length === 0) return false;
  const encoding = headers['content-encoding']?.trim().toLowerCase() ?? '';
  if (encoding !== '' && encoding !== 'identity') return true;
  return OF_THE_VENDOR.test(Buffer.from(body).toString('latin1'));
}
