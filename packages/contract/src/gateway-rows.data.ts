import type { ErrorVerdict } from './verdict.types.js';

/** An answer that the gateway in front of the vendor gives itself. */
export interface GatewayRow extends ErrorVerdict {
  /** Stable id of this project; the gateway has none. */
  readonly id: string;
  /** HTTP statuses with which the answer was documented or seen, the most common first. */
  readonly statuses: readonly number[];
  /**
   * Values of `X-Ca-Error-Code`, which only newer gateway instances send. Rows with the same meaning share a code.
   * Empty if only the message is documented.
   */
  readonly errorCodes: readonly string[];
  /** The usual text of `X-Ca-Error-Message`; empty if only the codes are documented. */
  readonly message: string;
  /** The constant beginning of the message, if the gateway appends details. Absent if the whole message is constant. */
  readonly prefix?: string;
  /** The last five digits of the test mobile for which the mock sends this row. */
  readonly testSuffix: string;
}

/**
 * The gateway's answers. A non-empty `X-Ca-Error-Code` always comes from the gateway. `X-Ca-Error-Message` does so only
 * if the status is not 200, because a success can carry `X-Ca-Error-Message: OK`. The gateway's own tables disagree
 * about the status of a row, so codes and messages identify it.
 *
 * A row with `billed: 'unknown'` may have reached the vendor's back end; all others were refused before it. A code
 * without a row is read with {@link GATEWAY_FAMILIES}.
 */
// prettier-ignore
export const GATEWAY_ROWS = [
  { id: 'invalid-appcode', statuses: [400], errorCodes: ['A400AC', 'A401AC'], message: 'Invalid AppCode `not exists`', prefix: 'Invalid AppCode', testSuffix: '40001', kind: 'error', category: 'authentication', retry: 'never', billed: 'no', httpStatus: 503 },
  { id: 'invalid-appkey', statuses: [400], errorCodes: ['A400IK'], message: 'Invalid AppKey', prefix: 'Invalid AppKey', testSuffix: '40002', kind: 'error', category: 'authentication', retry: 'never', billed: 'no', httpStatus: 503 },
  { id: 'invalid-signature', statuses: [400, 403], errorCodes: ['A403IS'], message: 'Invalid Signature, Server StringToSign:', prefix: 'Invalid Signature', testSuffix: '40003', kind: 'error', category: 'authentication', retry: 'never', billed: 'no', httpStatus: 503 },
  { id: 'empty-signature', statuses: [401, 400], errorCodes: ['A400MA'], message: 'Empty Signature', testSuffix: '40101', kind: 'error', category: 'authentication', retry: 'never', billed: 'no', httpStatus: 503 },
  { id: 'need-authorization', statuses: [400, 401], errorCodes: ['A400MA'], message: 'Need authorization', testSuffix: '40102', kind: 'error', category: 'authentication', retry: 'never', billed: 'no', httpStatus: 503 },
  { id: 'timestamp-expired', statuses: [400], errorCodes: [], message: 'Timestamp Expired', testSuffix: '40004', kind: 'error', category: 'authentication', retry: 're_sign', billed: 'no', httpStatus: 503 },
  { id: 'nonce-used', statuses: [400], errorCodes: [], message: 'Nonce Used', testSuffix: '40005', kind: 'error', category: 'authentication', retry: 're_sign', billed: 'no', httpStatus: 503 },
  { id: 'invalid-url', statuses: [400, 404], errorCodes: [], message: 'Invalid Url', testSuffix: '40006', kind: 'error', category: 'configuration', retry: 'never', billed: 'no', httpStatus: 503 },
  { id: 'invalid-domain', statuses: [400, 404], errorCodes: ['I404DO'], message: 'Invalid Domain', prefix: 'Invalid Domain', testSuffix: '40007', kind: 'error', category: 'configuration', retry: 'never', billed: 'no', httpStatus: 503 },
  { id: 'api-not-found', statuses: [404, 400], errorCodes: ['I404NF', 'I404NR', 'I404SR'], message: 'API Not Found', prefix: 'API Not Found', testSuffix: '40401', kind: 'error', category: 'configuration', retry: 'never', billed: 'no', httpStatus: 503 },
  { id: 'protocol-refused', statuses: [403], errorCodes: ['I403PT'], message: 'Invalid protocol http unsupported', prefix: 'Invalid protocol', testSuffix: '40321', kind: 'error', category: 'configuration', retry: 'never', billed: 'no', httpStatus: 503 },
  { id: 'instance-invalid', statuses: [410], errorCodes: ['I410GG'], message: "Group's instance invalid", testSuffix: '41001', kind: 'error', category: 'configuration', retry: 'never', billed: 'no', httpStatus: 503 },
  { id: 'plugin-meta-invalid', statuses: [400], errorCodes: ['X400PM', 'I400JP'], message: 'Invalid plugin meta', prefix: 'Invalid plugin meta', testSuffix: '40022', kind: 'error', category: 'configuration', retry: 'never', billed: 'no', httpStatus: 503 },
  { id: 'bad-domain-or-group', statuses: [403], errorCodes: ['X403DG'], message: 'Bad Domain or Group', prefix: 'Bad Domain or Group', testSuffix: '40322', kind: 'error', category: 'configuration', retry: 'never', billed: 'no', httpStatus: 503 },
  { id: 'invalid-param-location', statuses: [400], errorCodes: ['I400IP', 'I400MP'], message: 'Invalid Param Location', testSuffix: '40008', kind: 'error', category: 'malformed_request', retry: 'never', billed: 'no', httpStatus: 502 },
  { id: 'empty-request-body', statuses: [400], errorCodes: [], message: 'Empty Request Body', testSuffix: '40009', kind: 'error', category: 'malformed_request', retry: 'never', billed: 'no', httpStatus: 502 },
  { id: 'invalid-request-body', statuses: [400, 413], errorCodes: ['I400BD', 'I413RL'], message: 'Invalid Request Body', testSuffix: '41301', kind: 'error', category: 'malformed_request', retry: 'never', billed: 'no', httpStatus: 502 },
  { id: 'invalid-content-type', statuses: [400], errorCodes: ['I400CT'], message: 'Invalid Content-Type', prefix: 'Invalid Content-Type', testSuffix: '40010', kind: 'error', category: 'malformed_request', retry: 'never', billed: 'no', httpStatus: 502 },
  { id: 'invalid-header', statuses: [400], errorCodes: ['I400HD', 'I400MH', 'I400I5', 'I400NC'], message: 'Invalid Header', prefix: 'Invalid Header', testSuffix: '40011', kind: 'error', category: 'malformed_request', retry: 'never', billed: 'no', httpStatus: 502 },
  { id: 'invalid-request-path', statuses: [400], errorCodes: ['I400PA', 'I400RU', 'I400SG'], message: 'Invalid Request Path', prefix: 'Invalid Request Path', testSuffix: '40012', kind: 'error', category: 'malformed_request', retry: 'never', billed: 'no', httpStatus: 502 },
  { id: 'unsupported-method', statuses: [405, 400], errorCodes: ['I405UM'], message: 'Unsupported Method', prefix: 'Unsupported Method', testSuffix: '40501', kind: 'error', category: 'malformed_request', retry: 'never', billed: 'no', httpStatus: 502 },
  { id: 'request-url-too-large', statuses: [413, 400], errorCodes: ['I413UL'], message: 'Request URL too Large', testSuffix: '41302', kind: 'error', category: 'malformed_request', retry: 'never', billed: 'no', httpStatus: 502 },
  { id: 'unauthorized', statuses: [403], errorCodes: ['I403AA'], message: 'Unauthorized', testSuffix: '40301', kind: 'error', category: 'authorization', retry: 'never', billed: 'no', httpStatus: 503 },
  { id: 'authorization-expired', statuses: [403], errorCodes: ['A403EP'], message: 'Expiry of Authorization', testSuffix: '40305', kind: 'error', category: 'authorization', retry: 'never', billed: 'no', httpStatus: 503 },
  { id: 'app-authorization-expired', statuses: [403], errorCodes: ['A403EP'], message: 'App authorization expired', testSuffix: '40306', kind: 'error', category: 'authorization', retry: 'never', billed: 'no', httpStatus: 503 },
  { id: 'access-policy', statuses: [403], errorCodes: ['A403IP', 'A403VN', 'A403AC', 'A403CO', 'A403IN', 'A403PR', 'A403FC'], message: '', testSuffix: '40307', kind: 'error', category: 'authorization', retry: 'never', billed: 'no', httpStatus: 503 },
  { id: 'market-subscription-invalid', statuses: [403], errorCodes: ['B403MI'], message: 'Api Market Subscription invalid', testSuffix: '40308', kind: 'error', category: 'authorization', retry: 'never', billed: 'no', httpStatus: 503 },
  { id: 'quota-exhausted', statuses: [403], errorCodes: ['B403MQ'], message: 'Quota Exhausted', testSuffix: '40302', kind: 'error', category: 'quota', retry: 'never', billed: 'no', httpStatus: 503 },
  { id: 'market-quota-exhausted', statuses: [403], errorCodes: ['B403MQ'], message: 'Api Market Subscription quota exhausted', testSuffix: '40309', kind: 'error', category: 'quota', retry: 'never', billed: 'no', httpStatus: 503 },
  { id: 'quota-expired', statuses: [403], errorCodes: ['B403ME'], message: 'Quota Expired', testSuffix: '40303', kind: 'error', category: 'quota', retry: 'never', billed: 'no', httpStatus: 503 },
  { id: 'market-subscription-expired', statuses: [403], errorCodes: ['B403ME'], message: 'Api Market Subscription expired', testSuffix: '40310', kind: 'error', category: 'quota', retry: 'never', billed: 'no', httpStatus: 503 },
  { id: 'user-arrears', statuses: [403], errorCodes: [], message: 'User Arrears', testSuffix: '40304', kind: 'error', category: 'quota', retry: 'never', billed: 'no', httpStatus: 503 },
  { id: 'provider-overdue', statuses: [403], errorCodes: ['B403OD', 'B403MO'], message: 'Provider Account Overdue', testSuffix: '40331', kind: 'error', category: 'disabled', retry: 'never', billed: 'no', httpStatus: 503 },
  { id: 'provider-blocked', statuses: [451, 403], errorCodes: ['B451DO', 'B451GO'], message: 'Unavailable Domain for Legal Reasons', testSuffix: '45101', kind: 'error', category: 'disabled', retry: 'never', billed: 'no', httpStatus: 503 },
  { id: 'throttled-by-user', statuses: [403, 429], errorCodes: [], message: 'Throttled by USER Flow Control', testSuffix: '40311', kind: 'error', category: 'rate_limit', retry: 'safe', billed: 'no', httpStatus: 503 },
  { id: 'throttled-by-app', statuses: [403, 429], errorCodes: [], message: 'Throttled by APP Flow Control', testSuffix: '40312', kind: 'error', category: 'rate_limit', retry: 'safe', billed: 'no', httpStatus: 503 },
  { id: 'throttled-by-api', statuses: [403, 429], errorCodes: ['T429PA', 'T429ID', 'T429IN', 'T429PR', 'T429SR', 'T429MR'], message: 'Throttled by API Flow Control', testSuffix: '40313', kind: 'error', category: 'rate_limit', retry: 'safe', billed: 'no', httpStatus: 503 },
  { id: 'throttled-by-group', statuses: [403, 429], errorCodes: ['T429GR'], message: 'Throttled by GROUP Flow Control', testSuffix: '40314', kind: 'error', category: 'rate_limit', retry: 'safe', billed: 'no', httpStatus: 503 },
  { id: 'throttled-by-domain', statuses: [403], errorCodes: [], message: 'Throttled by DOMAIN Flow Control', testSuffix: '40315', kind: 'error', category: 'rate_limit', retry: 'not_today', billed: 'no', httpStatus: 503 },
  { id: 'backend-connect-failed', statuses: [504, 503], errorCodes: ['D504CO'], message: 'Backend service connect failed', prefix: 'Backend service connect failed', testSuffix: '50401', kind: 'error', category: 'busy', retry: 'safe', billed: 'no', httpStatus: 503 },
  { id: 'service-busy', statuses: [503], errorCodes: ['D503BB', 'D503CB', 'X503BZ'], message: 'Service Busy', testSuffix: '50302', kind: 'error', category: 'busy', retry: 'safe', billed: 'no', httpStatus: 503 },
  { id: 'service-unavailable', statuses: [503], errorCodes: [], message: 'Service Unavailable', testSuffix: '50301', kind: 'error', category: 'upstream_failure', retry: 'ambiguous', billed: 'unknown', httpStatus: 503 },
  { id: 'backend-timeout', statuses: [504], errorCodes: ['D504TO', 'X504TO'], message: 'Backend service request timeout', prefix: 'Backend service request timeout', testSuffix: '50402', kind: 'error', category: 'timeout', retry: 'ambiguous', billed: 'unknown', httpStatus: 504 },
  { id: 'backend-lost', statuses: [504, 502], errorCodes: ['D504RE', 'D504IL', 'D504CS', 'D502FC', 'N502RE', 'X504VE'], message: '', testSuffix: '50403', kind: 'error', category: 'upstream_failure', retry: 'ambiguous', billed: 'unknown', httpStatus: 502 },
  { id: 'internal-error', statuses: [500], errorCodes: ['X500ER', 'X500ED', 'X500AM'], message: 'Internal Error', testSuffix: '50001', kind: 'error', category: 'upstream_failure', retry: 'ambiguous', billed: 'unknown', httpStatus: 502 },
  { id: 'backend-invoke-failed', statuses: [500], errorCodes: [], message: 'Failed To Invoke Backend Service', testSuffix: '50002', kind: 'error', category: 'upstream_failure', retry: 'ambiguous', billed: 'unknown', httpStatus: 502 },
] as const satisfies readonly GatewayRow[];

/** The id of a gateway row. */
export type GatewayRowId = (typeof GATEWAY_ROWS)[number]['id'];

/** Header names of the gateway, in the spelling of its documentation (HTTP ignores case). */
export const GATEWAY_HEADERS = {
  requestId: 'X-Ca-Request-Id',
  errorCode: 'X-Ca-Error-Code',
  errorMessage: 'X-Ca-Error-Message',
  key: 'X-Ca-Key',
  signature: 'X-Ca-Signature',
  signatureHeaders: 'X-Ca-Signature-Headers',
  signatureMethod: 'X-Ca-Signature-Method',
  timestamp: 'X-Ca-Timestamp',
  nonce: 'X-Ca-Nonce',
} as const;
