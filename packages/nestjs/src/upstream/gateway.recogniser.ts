import { GATEWAY_HEADERS, GATEWAY_ROWS, type ErrorVerdict, type GatewayRow } from '@identity-verify/contract';
import type { WireReply } from './transport.port.js';

const ERROR_MESSAGE = GATEWAY_HEADERS.errorMessage.toLowerCase();
const ERROR_CODE = GATEWAY_HEADERS.errorCode.toLowerCase();

/** What the gateway said, by the row it was recognised as. */
export interface GatewayAnswer {
  /** Id of the row, or the gateway's own code where no row fits. */
  readonly id: string;
  readonly verdict: ErrorVerdict;
}

const ROWS: readonly GatewayRow[] = GATEWAY_ROWS;
const THROTTLED = ROWS.find(({ id }) => id === 'throttled-by-api');

/** A gateway answer that no row describes. A 4xx was refused in front of the back end; a 5xx may have reached it. */
const unlisted = (status: number): ErrorVerdict => ({
  kind: 'error',
  category: 'unclassified',
  retry: 'never',
  billed: status >= 400 && status < 500 ? 'no' : 'unknown',
  httpStatus: 502,
});

/**
 * Whether the gateway answered in the vendor's place, and what it meant. Recognised by message, then by code: the
 * gateway's own tables disagree about the status. The message is matched and never passed on, because a refused
 * signature echoes the whole request, name and ID number included.
 */
export function recogniseGateway({
  status,
  headers,
}: Pick<WireReply, 'status' | 'headers'>): GatewayAnswer | undefined {
  const rawMessage = headers[ERROR_MESSAGE];
  const errorCode = headers[ERROR_CODE]?.trim();
  if (rawMessage === undefined && !errorCode) return undefined;
  // A header arrives as raw UTF-8 bytes, which Node reads as latin1.
  const message = Buffer.from(rawMessage ?? '', 'latin1')
    .toString('utf8')
    .trim();
  const row =
    ROWS.find((row) => (row.prefix ? message.startsWith(row.prefix) : message === row.message)) ??
    ROWS.find((row) => row.errorCode !== undefined && row.errorCode === errorCode) ??
    (errorCode?.startsWith('T429') ? THROTTLED : undefined);
  if (row) return { id: row.id, verdict: row };
  return { id: errorCode && /^[A-Z0-9]{1,12}$/.test(errorCode) ? errorCode : 'gateway', verdict: unlisted(status) };
}
