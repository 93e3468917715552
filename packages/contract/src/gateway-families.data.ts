import { GATEWAY_ROWS, type GatewayRow } from './gateway-rows.data.js';
import type { ErrorVerdict } from './verdict.types.js';

/**
 * What a code of the gateway means that no row names. The letter says who refused, the digit whether it was in front of
 * the back end. `errorCodes` holds a made-up code that the mock sends; `prefix` begins the messages of the family.
 */
export interface GatewayFamily extends GatewayRow {
  /** How the codes of the family begin. */
  readonly codePrefix: string;
}

/**
 * The families of `X-Ca-Error-Code`. The letters are consistent over the whole published table. Only what is refused in
 * front of the back end is unbilled: `D`, `N` and `X5` may have reached it.
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

/** Every answer of the gateway that the mock can replay: the rows, then the families. */
export const GATEWAY_ANSWERS: readonly GatewayRow[] = [...GATEWAY_ROWS, ...GATEWAY_FAMILIES];

/** A refusal that neither a row nor a family describes. Nothing proves that it came in front of the back end. */
export const GATEWAY_UNLISTED = {
  kind: 'error',
  category: 'unclassified',
  retry: 'never',
  billed: 'unknown',
  httpStatus: 502,
} as const satisfies ErrorVerdict;
