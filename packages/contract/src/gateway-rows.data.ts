import type { ErrorVerdict } from './verdict.types.js';

/** One answer that the gateway in front of the vendor can give in its place. */
export interface GatewayRow extends ErrorVerdict {
  /** Stable name within this project: the gateway has none. */
  readonly id: string;
  /** HTTP statuses under which the message was documented or seen; the first is the usual one. */
  readonly statuses: readonly number[];
  /** `X-Ca-Error-Code`, which only newer gateway instances send. */
  readonly errorCode?: string;
  /** `X-Ca-Error-Message` as the gateway usually writes it. */
  readonly message: string;
  /** The part of the message that does not vary, where the gateway appends details. Absent: the whole message. */
  readonly prefix?: string;
  /** The last five digits of the mobile by which the mock replays this row. */
  readonly testSuffix: string;
}

/**
 * The gateway's answers. To be recognised by the **message**: the gateway's own tables disagree about the status.
 * A reply without `X-Ca-Error-Message` and `X-Ca-Error-Code` did not come from the gateway.
 *
 * A row with `billed: 'unknown'` may have reached the vendor's back end; all others were refused in front of it.
 */
// prettier-ignore
export const GATEWAY_ROWS = [
  { id: 'invalid-appcode', statuses: [400], errorCode: 'A400AC', message: 'Invalid AppCode `not exists`', prefix: 'Invalid AppCode', testSuffix: '40001', kind: 'error', category: 'authentication', retry: 'never', billed: 'no', httpStatus: 503 },
  { id: 'invalid-appkey', statuses: [400], message: 'Invalid AppKey', prefix: 'Invalid AppKey', testSuffix: '40002', kind: 'error', category: 'authentication', retry: 'never', billed: 'no', httpStatus: 503 },
  { id: 'invalid-signature', statuses: [400], message: 'Invalid Signature, Server StringToSign:', prefix: 'Invalid Signature, Server StringToSign:', testSuffix: '40003', kind: 'error', category: 'authentication', retry: 'never', billed: 'no', httpStatus: 503 },
  { id: 'empty-signature', statuses: [401], message: 'Empty Signature', testSuffix: '40101', kind: 'error', category: 'authentication', retry: 'never', billed: 'no', httpStatus: 503 },
  { id: 'timestamp-expired', statuses: [400], message: 'Timestamp Expired', testSuffix: '40004', kind: 'error', category: 'authentication', retry: 're_sign', billed: 'no', httpStatus: 503 },
  { id: 'nonce-used', statuses: [400], message: 'Nonce Used', testSuffix: '40005', kind: 'error', category: 'authentication', retry: 're_sign', billed: 'no', httpStatus: 503 },
  { id: 'invalid-url', statuses: [400], message: 'Invalid Url', testSuffix: '40006', kind: 'error', category: 'configuration', retry: 'never', billed: 'no', httpStatus: 503 },
  { id: 'invalid-domain', statuses: [400, 404], errorCode: 'I404DO', message: 'Invalid Domain', testSuffix: '40007', kind: 'error', category: 'configuration', retry: 'never', billed: 'no', httpStatus: 503 },
  { id: 'api-not-found', statuses: [404], errorCode: 'I404NF', message: 'API Not Found', testSuffix: '40401', kind: 'error', category: 'configuration', retry: 'never', billed: 'no', httpStatus: 503 },
  { id: 'invalid-param-location', statuses: [400], errorCode: 'I400CT', message: 'Invalid Param Location', testSuffix: '40008', kind: 'error', category: 'malformed_request', retry: 'never', billed: 'no', httpStatus: 502 },
  { id: 'empty-request-body', statuses: [400], message: 'Empty Request Body', testSuffix: '40009', kind: 'error', category: 'malformed_request', retry: 'never', billed: 'no', httpStatus: 502 },
  { id: 'invalid-request-body', statuses: [400, 413], errorCode: 'I413RL', message: 'Invalid Request Body', testSuffix: '41301', kind: 'error', category: 'malformed_request', retry: 'never', billed: 'no', httpStatus: 502 },
  { id: 'unauthorized', statuses: [403], message: 'Unauthorized', testSuffix: '40301', kind: 'error', category: 'authorization', retry: 'never', billed: 'no', httpStatus: 503 },
  { id: 'quota-exhausted', statuses: [403], errorCode: 'B403MQ', message: 'Quota Exhausted', testSuffix: '40302', kind: 'error', category: 'quota', retry: 'never', billed: 'no', httpStatus: 503 },
  { id: 'quota-expired', statuses: [403], message: 'Quota Expired', testSuffix: '40303', kind: 'error', category: 'quota', retry: 'never', billed: 'no', httpStatus: 503 },
  { id: 'user-arrears', statuses: [403], message: 'User Arrears', testSuffix: '40304', kind: 'error', category: 'quota', retry: 'never', billed: 'no', httpStatus: 503 },
  { id: 'authorization-expired', statuses: [403], message: 'Expiry of Authorization', testSuffix: '40305', kind: 'error', category: 'quota', retry: 'never', billed: 'no', httpStatus: 503 },
  { id: 'throttled-by-user', statuses: [403, 429], errorCode: 'T429', message: 'Throttled by USER Flow Control', testSuffix: '40311', kind: 'error', category: 'rate_limit', retry: 'safe', billed: 'no', httpStatus: 503 },
  { id: 'throttled-by-app', statuses: [403, 429], errorCode: 'T429', message: 'Throttled by APP Flow Control', testSuffix: '40312', kind: 'error', category: 'rate_limit', retry: 'safe', billed: 'no', httpStatus: 503 },
  { id: 'throttled-by-api', statuses: [403, 429], errorCode: 'T429', message: 'Throttled by API Flow Control', testSuffix: '40313', kind: 'error', category: 'rate_limit', retry: 'safe', billed: 'no', httpStatus: 503 },
  { id: 'throttled-by-group', statuses: [403, 429], errorCode: 'T429', message: 'Throttled by GROUP Flow Control', testSuffix: '40314', kind: 'error', category: 'rate_limit', retry: 'safe', billed: 'no', httpStatus: 503 },
  { id: 'throttled-by-domain', statuses: [403], message: 'Throttled by DOMAIN Flow Control', testSuffix: '40315', kind: 'error', category: 'rate_limit', retry: 'not_today', billed: 'no', httpStatus: 503 },
  { id: 'protocol-refused', statuses: [403], errorCode: 'I403PT', message: 'Invalid protocol http unsupported', prefix: 'Invalid protocol', testSuffix: '40321', kind: 'error', category: 'configuration', retry: 'never', billed: 'no', httpStatus: 503 },
  { id: 'backend-connect-failed', statuses: [504, 503], errorCode: 'D504CO', message: 'Backend service connect failed', prefix: 'Backend service connect failed', testSuffix: '50401', kind: 'error', category: 'busy', retry: 'safe', billed: 'no', httpStatus: 503 },
  { id: 'service-unavailable', statuses: [503], message: 'Service Unavailable', testSuffix: '50301', kind: 'error', category: 'upstream_failure', retry: 'ambiguous', billed: 'unknown', httpStatus: 503 },
  { id: 'backend-timeout', statuses: [504], errorCode: 'D504TO', message: 'Backend service request timeout', prefix: 'Backend service request timeout', testSuffix: '50402', kind: 'error', category: 'timeout', retry: 'ambiguous', billed: 'unknown', httpStatus: 504 },
  { id: 'internal-error', statuses: [500], message: 'Internal Error', testSuffix: '50001', kind: 'error', category: 'upstream_failure', retry: 'ambiguous', billed: 'unknown', httpStatus: 502 },
  { id: 'backend-invoke-failed', statuses: [500], message: 'Failed To Invoke Backend Service', testSuffix: '50002', kind: 'error', category: 'upstream_failure', retry: 'ambiguous', billed: 'unknown', httpStatus: 502 },
] as const satisfies readonly GatewayRow[];

/** The stable name of a gateway row. */
export type GatewayRowId = (typeof GATEWAY_ROWS)[number]['id'];

/** Header names of the gateway, in the spelling of its documents (HTTP compares them without case). */
export const GATEWAY_HEADERS = {
  requestId: 'X-Ca-Request-Id',
  errorCode: 'X-Ca-Error-Code',
  errorMessage: 'X-Ca-Error-Message',
  key: 'X-Ca-Key',
  signature: 'X-Ca-Signature',
  signatureHeaders: 'X-Ca-Signature-Headers',
  timestamp: 'X-Ca-Timestamp',
  nonce: 'X-Ca-Nonce',
} as const;
