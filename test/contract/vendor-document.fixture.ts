/**
 * The upstream, typed in by hand from the vendor's document and the gateway's tables, and importing nothing: a second
 * witness beside @identity-verify/contract. If one row there is wrong, it is wrong in client, mock and docs at once;
 * here it is not.
 */

export type ExpectedRow = readonly [
  mobile: string,
  code: string,
  message: string,
  outcomeOrCategory: string,
  billed: 'yes' | 'no' | 'unknown',
  /** Whether the client may repeat the call by itself or tell its caller to. */
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
  /** Statuses under which the gateway documents the message. */
  statuses: readonly number[],
  message: string,
  category: string,
  billed: 'no' | 'unknown',
  retryable: boolean,
  httpStatus: number,
];

// prettier-ignore
export const GATEWAY_TABLE: readonly ExpectedGatewayRow[] = [
  ['16000040001', [400], 'Invalid AppCode `not exists`', 'authentication', 'no', false, 503],
  ['16000040002', [400], 'Invalid AppKey', 'authentication', 'no', false, 503],
  ['16000040003', [400], 'Invalid Signature, Server StringToSign:', 'authentication', 'no', false, 503],
  ['16000040101', [401], 'Empty Signature', 'authentication', 'no', false, 503],
  ['16000040004', [400], 'Timestamp Expired', 'authentication', 'no', true, 503],
  ['16000040005', [400], 'Nonce Used', 'authentication', 'no', true, 503],
  ['16000040006', [400], 'Invalid Url', 'configuration', 'no', false, 503],
  ['16000040007', [400, 404], 'Invalid Domain', 'configuration', 'no', false, 503],
  ['16000040401', [404], 'API Not Found', 'configuration', 'no', false, 503],
  ['16000040008', [400], 'Invalid Param Location', 'malformed_request', 'no', false, 502],
  ['16000040009', [400], 'Empty Request Body', 'malformed_request', 'no', false, 502],
  ['16000041301', [400, 413], 'Invalid Request Body', 'malformed_request', 'no', false, 502],
  ['16000040301', [403], 'Unauthorized', 'authorization', 'no', false, 503],
  ['16000040302', [403], 'Quota Exhausted', 'quota', 'no', false, 503],
  ['16000040303', [403], 'Quota Expired', 'quota', 'no', false, 503],
  ['16000040304', [403], 'User Arrears', 'quota', 'no', false, 503],
  ['16000040305', [403], 'Expiry of Authorization', 'quota', 'no', false, 503],
  ['16000040311', [403, 429], 'Throttled by USER Flow Control', 'rate_limit', 'no', true, 503],
  ['16000040312', [403, 429], 'Throttled by APP Flow Control', 'rate_limit', 'no', true, 503],
  ['16000040313', [403, 429], 'Throttled by API Flow Control', 'rate_limit', 'no', true, 503],
  ['16000040314', [403, 429], 'Throttled by GROUP Flow Control', 'rate_limit', 'no', true, 503],
  ['16000040315', [403], 'Throttled by DOMAIN Flow Control', 'rate_limit', 'no', false, 503],
  ['16000040321', [403], 'Invalid protocol http unsupported', 'configuration', 'no', false, 503],
  ['16000050401', [503, 504], 'Backend service connect failed', 'busy', 'no', true, 503],
  ['16000050301', [503], 'Service Unavailable', 'upstream_failure', 'unknown', false, 503],
  ['16000050402', [504], 'Backend service request timeout', 'timeout', 'unknown', false, 504],
  ['16000050001', [500], 'Internal Error', 'upstream_failure', 'unknown', false, 502],
  ['16000050002', [500], 'Failed To Invoke Backend Service', 'upstream_failure', 'unknown', false, 502],
];
