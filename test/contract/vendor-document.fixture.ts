/**
 * The upstream, written by hand from the vendor's document and the gateway's tables. It imports nothing, so it checks
 * @identity-verify/contract independently: a wrong row there is wrong in the client, the mock and the docs at once,
 * but not here.
 */

export type ExpectedRow = readonly [
  mobile: string,
  code: string,
  message: string,
  outcomeOrCategory: string,
  billed: 'yes' | 'no' | 'unknown',
  /** True when the client may retry the call or tell its caller to retry. */
  retryable: boolean,
  httpStatus: number,
];

// prettier-ignore
export const VENDOR_ROWS: readonly ExpectedRow[] = [
  ['16000000001', '10000', '成功', 'match', 'yes', false, 200],
  ['16000000002', '10000', '成功', 'mismatch', 'yes', false, 200],
  ['16000000003', '10000', '成功', 'indeterminate', 'unknown', false, 200],
  ['16000000000', '10000', '成功', 'indeterminate', 'unknown', false, 200],
  ['16000010001', '10001', '查询无结果', 'no_record', 'unknown', false, 200],
  ['16000010002', '10002', '请求报文解析错误', 'malformed_request', 'no', false, 502],
  ['16000010003', '10003', '请求报文错误', 'malformed_request', 'no', false, 502],
  ['16000010004', '10004', '请求报文格式有误', 'malformed_request', 'no', false, 502],
  ['16000010005', '10005', '用户验证失败', 'authentication', 'no', false, 503],
  ['16000010006', '10006', '权限不足', 'authorization', 'no', false, 503],
  ['16000010007', '10007', '手机号码错误', 'invalid_input', 'no', false, 422],
  ['16000010008', '10008', '请求报文错误', 'malformed_request', 'no', false, 502],
  ['16000010009', '10009', '余额不足，请充值', 'quota', 'no', false, 503],
  ['16000010010', '10010', '调用次数不足', 'quota', 'no', false, 503],
  ['16000010011', '10011', '访问受限', 'authorization', 'no', false, 503],
  ['16000010012', '10012', '连接超时', 'timeout', 'unknown', false, 504],
  ['16000010013', '10013', '该接口已停用', 'disabled', 'no', false, 503],
  ['16000010014', '10014', '该用户已停用', 'disabled', 'no', false, 503],
  ['16000010015', '10015', '系统错误', 'upstream_failure', 'unknown', false, 502],
  ['16000010016', '10016', '系统异常', 'upstream_failure', 'unknown', false, 502],
  ['16000010017', '10017', '系统繁忙', 'busy', 'no', true, 503],
  ['16000010018', '10018', '其他异常', 'unclassified', 'unknown', false, 502],
  ['16000010019', '10019', '同一参数请求次数超限', 'same_parameter_limit', 'no', false, 429],
  ['16000010020', '10020', '接口调用失败', 'upstream_failure', 'unknown', false, 502],
];

export type ExpectedGatewayRow = readonly [
  mobile: string,
  /** The statuses that the gateway documents for the answer. */
  statuses: readonly number[],
  /** Empty when only the codes are documented. */
  message: string,
  category: string,
  billed: 'no' | 'unknown',
  retryable: boolean,
  httpStatus: number,
  /** `X-Ca-Error-Code`, when documented. */
  codes?: string,
];

// prettier-ignore
export const GATEWAY_TABLE: readonly ExpectedGatewayRow[] = [
  ['16000040001', [400], 'Invalid AppCode `not exists`', 'authentication', 'no', false, 503, 'A400AC A401AC'],
  ['16000040002', [400], 'Invalid AppKey', 'authentication', 'no', false, 503, 'A400IK'],
  ['16000040003', [400, 403], 'Invalid Signature, Server StringToSign:', 'authentication', 'no', false, 503, 'A403IS'],
  ['16000040101', [400, 401], 'Empty Signature', 'authentication', 'no', false, 503, 'A400MA'],
  ['16000040102', [400, 401], 'Need authorization', 'authentication', 'no', false, 503, 'A400MA'],
  ['16000040004', [400], 'Timestamp Expired', 'authentication', 'no', true, 503],
  ['16000040005', [400], 'Nonce Used', 'authentication', 'no', true, 503],
  ['16000040006', [400, 404], 'Invalid Url', 'configuration', 'no', false, 503],
  ['16000040007', [400, 404], 'Invalid Domain', 'configuration', 'no', false, 503, 'I404DO'],
  ['16000040401', [400, 404], 'API Not Found', 'configuration', 'no', false, 503, 'I404NF I404NR I404SR'],
  ['16000040321', [403], 'Invalid protocol http unsupported', 'configuration', 'no', false, 503, 'I403PT'],
  ['16000041001', [410], "Group's instance invalid", 'configuration', 'no', false, 503, 'I410GG'],
  ['16000040022', [400], 'Invalid plugin meta', 'configuration', 'no', false, 503, 'X400PM I400JP'],
  ['16000040322', [403], 'Bad Domain or Group', 'configuration', 'no', false, 503, 'X403DG'],
  ['16000040008', [400], 'Invalid Param Location', 'malformed_request', 'no', false, 502, 'I400IP I400MP'],
  ['16000040009', [400], 'Empty Request Body', 'malformed_request', 'no', false, 502],
  ['16000041301', [400, 413], 'Invalid Request Body', 'malformed_request', 'no', false, 502, 'I400BD I413RL'],
  ['16000040010', [400], 'Invalid Content-Type', 'malformed_request', 'no', false, 502, 'I400CT'],
  ['16000040011', [400], 'Invalid Header', 'malformed_request', 'no', false, 502, 'I400HD I400MH I400I5 I400NC'],
  ['16000040012', [400], 'Invalid Request Path', 'malformed_request', 'no', false, 502, 'I400PA I400RU I400SG'],
  ['16000040501', [400, 405], 'Unsupported Method', 'malformed_request', 'no', false, 502, 'I405UM'],
  ['16000041302', [400, 413], 'Request URL too Large', 'malformed_request', 'no', false, 502, 'I413UL'],
  ['16000040301', [403], 'Unauthorized', 'authorization', 'no', false, 503, 'I403AA'],
  ['16000040305', [403], 'Expiry of Authorization', 'authorization', 'no', false, 503, 'A403EP'],
  ['16000040306', [403], 'App authorization expired', 'authorization', 'no', false, 503, 'A403EP'],
  ['16000040307', [403], '', 'authorization', 'no', false, 503, 'A403IP A403VN A403AC A403CO A403IN A403PR A403FC'],
  ['16000040308', [403], 'Api Market Subscription invalid', 'authorization', 'no', false, 503, 'B403MI'],
  ['16000040302', [403], 'Quota Exhausted', 'quota', 'no', false, 503, 'B403MQ'],
  ['16000040309', [403], 'Api Market Subscription quota exhausted', 'quota', 'no', false, 503, 'B403MQ'],
  ['16000040303', [403], 'Quota Expired', 'quota', 'no', false, 503, 'B403ME'],
  ['16000040310', [403], 'Api Market Subscription expired', 'quota', 'no', false, 503, 'B403ME'],
  ['16000040304', [403], 'User Arrears', 'quota', 'no', false, 503],
  ['16000040331', [403], 'Provider Account Overdue', 'disabled', 'no', false, 503, 'B403OD B403MO'],
  ['16000045101', [403, 451], 'Unavailable Domain for Legal Reasons', 'disabled', 'no', false, 503, 'B451DO B451GO'],
  ['16000040311', [403, 429], 'Throttled by USER Flow Control', 'rate_limit', 'no', true, 503],
  ['16000040312', [403, 429], 'Throttled by APP Flow Control', 'rate_limit', 'no', true, 503],
  ['16000040313', [403, 429], 'Throttled by API Flow Control', 'rate_limit', 'no', true, 503, 'T429PA T429ID T429IN T429PR T429SR T429MR'],
  ['16000040314', [403, 429], 'Throttled by GROUP Flow Control', 'rate_limit', 'no', true, 503, 'T429GR'],
  ['16000040315', [403], 'Throttled by DOMAIN Flow Control', 'rate_limit', 'no', false, 503],
  ['16000050401', [503, 504], 'Backend service connect failed', 'busy', 'no', true, 503, 'D504CO'],
  ['16000050302', [503], 'Service Busy', 'busy', 'no', true, 503, 'D503BB D503CB X503BZ'],
  ['16000050301', [503], 'Service Unavailable', 'upstream_failure', 'unknown', false, 503],
  ['16000050402', [504], 'Backend service request timeout', 'timeout', 'unknown', false, 504, 'D504TO X504TO'],
  ['16000050403', [502, 504], '', 'upstream_failure', 'unknown', false, 502, 'D504RE D504IL D504CS D502FC N502RE X504VE'],
  ['16000050001', [500], 'Internal Error', 'upstream_failure', 'unknown', false, 502, 'X500ER X500ED X500AM'],
  ['16000050002', [500], 'Failed To Invoke Backend Service', 'upstream_failure', 'unknown', false, 502],
];

/** One code of each family that has no row of its own. */
// prettier-ignore
export const GATEWAY_FAMILY_TABLE: readonly ExpectedGatewayRow[] = [
  ['16000049001', [400, 401, 403], '', 'authorization', 'no', false, 503, 'A4'],
  ['16000049002', [403, 451], '', 'quota', 'no', false, 503, 'B4'],
  ['16000049003', [403, 429], '', 'rate_limit', 'no', true, 503, 'T4'],
  ['16000049004', [400, 403, 404], '', 'malformed_request', 'no', false, 502, 'I4'],
  ['16000059001', [502, 503, 504], '', 'upstream_failure', 'unknown', false, 502, 'D'],
  ['16000059002', [502], '', 'upstream_failure', 'unknown', false, 502, 'N'],
  ['16000059003', [500, 503, 504], '', 'upstream_failure', 'unknown', false, 502, 'X5'],
];
