import type { AnswerVerdict, ErrorVerdict } from './verdict.types.js';

/** A documented response code. `code` and `message` are verbatim from the vendor's document. */
export type ResponseCodeRow = {
  readonly code: string;
  readonly message: string;
} & ({ readonly kind: 'by_state' } | AnswerVerdict | ErrorVerdict);

/**
 * The 21 response codes of the vendor's document, in its order.
 *
 * Code and message are the vendor's. The verdict is this project's reading, because the vendor documents neither
 * billing nor retries. `10000` means only that the call succeeded; {@link STATES} has the meaning of its `state`. 10003
 * and 10008 carry the same message in the document.
 */
// prettier-ignore
export const RESPONSE_CODES = [
  { code: '10000', message: '成功', kind: 'by_state' },
  { code: '10001', message: '查询无结果', kind: 'answer', outcome: 'no_record', retry: 'days_later', billed: 'unknown', httpStatus: 200 },
  { code: '10002', message: '请求报文解析错误', kind: 'error', category: 'malformed_request', retry: 'never', billed: 'no', httpStatus: 502 },
  { code: '10003', message: '请求报文错误', kind: 'error', category: 'malformed_request', retry: 'never', billed: 'no', httpStatus: 502 },
  { code: '10004', message: '请求报文格式有误', kind: 'error', category: 'malformed_request', retry: 'never', billed: 'no', httpStatus: 502 },
  { code: '10005', message: '用户验证失败', kind: 'error', category: 'authentication', retry: 'never', billed: 'no', httpStatus: 503 },
  { code: '10006', message: '权限不足', kind: 'error', category: 'authorization', retry: 'never', billed: 'no', httpStatus: 503 },
  { code: '10007', message: '手机号码错误', kind: 'error', category: 'invalid_input', retry: 'never', billed: 'no', httpStatus: 422 },
  { code: '10008', message: '请求报文错误', kind: 'error', category: 'malformed_request', retry: 'never', billed: 'no', httpStatus: 502 },
  { code: '10009', message: '余额不足，请充值', kind: 'error', category: 'quota', retry: 'never', billed: 'no', httpStatus: 503 },
  { code: '10010', message: '调用次数不足', kind: 'error', category: 'quota', retry: 'never', billed: 'no', httpStatus: 503 },
  { code: '10011', message: '访问受限', kind: 'error', category: 'authorization', retry: 'never', billed: 'no', httpStatus: 503 },
  { code: '10012', message: '连接超时', kind: 'error', category: 'timeout', retry: 'ambiguous', billed: 'unknown', httpStatus: 504 },
  { code: '10013', message: '该接口已停用', kind: 'error', category: 'disabled', retry: 'never', billed: 'no', httpStatus: 503 },
  { code: '10014', message: '该用户已停用', kind: 'error', category: 'disabled', retry: 'never', billed: 'no', httpStatus: 503 },
  { code: '10015', message: '系统错误', kind: 'error', category: 'upstream_failure', retry: 'ambiguous', billed: 'unknown', httpStatus: 502 },
  { code: '10016', message: '系统异常', kind: 'error', category: 'upstream_failure', retry: 'ambiguous', billed: 'unknown', httpStatus: 502 },
  { code: '10017', message: '系统繁忙', kind: 'error', category: 'busy', retry: 'safe', billed: 'no', httpStatus: 503 },
  { code: '10018', message: '其他异常', kind: 'error', category: 'unclassified', retry: 'never', billed: 'unknown', httpStatus: 502 },
  { code: '10019', message: '同一参数请求次数超限', kind: 'error', category: 'same_parameter_limit', retry: 'never', billed: 'no', httpStatus: 429 },
  { code: '10020', message: '接口调用失败', kind: 'error', category: 'upstream_failure', retry: 'ambiguous', billed: 'unknown', httpStatus: 502 },
] as const satisfies readonly ResponseCodeRow[];

/** A code of the vendor's table. */
export type ResponseCode = (typeof RESPONSE_CODES)[number]['code'];

/** The only code with a `state`. */
export const SUCCESS_CODE = '10000' satisfies ResponseCode;
