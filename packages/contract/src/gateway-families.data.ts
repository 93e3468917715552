import { GATEWAY_ROWS, type GatewayRow } from './gateway-rows.data.js';
import type { ErrorVerdict } from './verdict.types.js';

/**
 * The meaning of a gateway code that has no row. The letter shows who refused the call, the digit whether it was
 * refused before the back end. `errorCodes` holds an invented code that the mock sends; `prefix` is the beginning of
 * the family's messages.
 */
export interface GatewayFamily extends GatewayRow {
  /** The beginning of the family's codes. */
  readonly codePrefix: string;
}

/**
 * The families of `X-Ca-Error-Code`. The letters are consistent across the published table. Only a call refused before
 * the back end is unbilled; `D`, `N` and `X5` may have reached it.
 */
// prettier-ignore
export const GATEWAY_FAMILIES = [
  { id: 'access-refused', codePrefix: 'A4', statuses: [403, 400, 401], errorCodes: ['A403ZZ'], message: '', testSuffix: '49001', kind: 'error', category: 'authorization', retry: 'never', billed: 'no', httpStatus: 503 },
  { id: 'purchase-refused', codePrefix: 'B4', statuses: [403, 451], errorCodes: ['B403ZZ'], message: '', prefix: 'Api Market Subscription', testSuffix: '49002', kind: 'error', category: 'quota', retry: 'never', billed: 'no', httpStatus: 503 },
  { id: 'throttled', codePrefix: 'T4', statuses: [429, 403], errorCodes: ['T429ZZ'], message: '', prefix: 'Throttled by', testSuffix: '49003', kind: 'error', category: 'rate_limit', retry: 'safe', billed: 'no', httpStatus: 503 },
  { id: 'request-refused', codePrefix: 'I4', statuses: [400, 403, 404], errorCodes: ['I400ZZ'], message: '', testSuffix: '49004', kind: 'error', category: 'malformed_request', retry: 'never', billed: 'no', httpStatus: 502 },
  { id: 'backend-failed', codePrefix: 'D', statuses: [504, 502, 503], errorCodes: ['D504ZZ'], message: '', testSuffix: '59001', kind: 'error', category: 'upstream_failure', retry: 'ambiguous', billed: 'unknown', httpStatus: 502 },
  { id: 'network-failed', codePrefix: 'N', statuses: [502], errorCodes: ['N502ZZ'], message: '', testSuffix: '59002', kind: 'error', category: 'upstream_failure', retry: 'ambiguous', billed: 'unknown', httpStatus: 502 },
  { id: 'gateway-failed', codePrefix: 'X5', statuses: [500, 503, 504], errorCodes: ['X500ZZ'], message: '', testSuffix: '59003', kind: 'error', category: 'upstream_failure', retry: 'ambiguous', billed: 'unknown', httpStatus: 502 },
] as const satisfies readonly GatewayFamily[];

/** Every gateway answer that the mock can send: the rows, then the families. */
export const GATEWAY_ANSWERS: readonly GatewayRow[] = [...GATEWAY_ROWS, ...GATEWAY_FAMILIES];

/** A refusal without a row or a family. Nothing proves that it happened before the back end. */
export const GATEWAY_UNLISTED = {
  kind: 'error',
  category: 'unclassified',
  retry: 'never',
  billed: 'unknown',
  httpStatus: 502,
} as const satisfies ErrorVerdict;
