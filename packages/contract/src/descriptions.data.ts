import type { GatewayRow } from './gateway-rows.data.js';
import { SUCCESS_CODE, type ResponseCodeRow } from './response-codes.data.js';
import type { StateRow } from './states.data.js';
import type { Outcome, UpstreamErrorCategory } from './verdict.types.js';

/** One sentence in each language of the pages. */
export interface Described {
  /** The sentence in English. */
  readonly description: string;
  /** The sentence in Chinese. */
  readonly descriptionZh: string;
}

/** The short names of the outcomes and of the error categories, in both languages. */
export const MEANINGS: Readonly<Record<Outcome | UpstreamErrorCategory, { readonly en: string; readonly zh: string }>> =
  {
    match: { en: 'match', zh: '一致' },
    mismatch: { en: 'mismatch', zh: '不一致' },
    no_record: { en: 'no record', zh: '查无记录' },
    indeterminate: { en: 'indeterminate', zh: '无法判定' },
    malformed_request: { en: 'malformed request', zh: '请求有误' },
    authentication: { en: 'authentication', zh: '账户凭证无效' },
    authorization: { en: 'authorization', zh: '账户无权限' },
    invalid_input: { en: 'invalid input', zh: '字段被拒绝' },
    quota: { en: 'quota', zh: '余额或次数不足' },
    rate_limit: { en: 'rate limit', zh: '被限流' },
    same_parameter_limit: { en: 'same parameter limit', zh: '同一参数次数超限' },
    timeout: { en: 'timeout', zh: '后端超时' },
    busy: { en: 'busy', zh: '上游繁忙' },
    disabled: { en: 'disabled', zh: '接口或账户已停用' },
    configuration: { en: 'configuration', zh: '地址或协议有误' },
    upstream_failure: { en: 'upstream failure', zh: '上游故障' },
    unclassified: { en: 'unclassified', zh: '未分类' },
  };

/** Describes a value of `data.state`. */
export function describeState({ state, meaning, outcome }: StateRow): Described {
  const { en, zh } = MEANINGS[outcome];
  return {
    description: `${SUCCESS_CODE} with state "${state}": ${en}.`,
    descriptionZh: `${SUCCESS_CODE}，state "${state}"（${meaning}）：${zh}。`,
  };
}

/** The description of code 10000 with `data: null`. */
export const NULL_DATA = {
  description: `${SUCCESS_CODE} with data null: success of the call, not a match.`,
  descriptionZh: `${SUCCESS_CODE}，data 为 null：调用成功，并非一致。`,
} as const satisfies Described;

/** Describes a response code. */
export function describeCode(row: ResponseCodeRow & { readonly kind: 'answer' | 'error' }): Described {
  const { en, zh } = MEANINGS[row.kind === 'answer' ? row.outcome : row.category];
  return {
    description: `${row.code} ${row.message}: ${en}.`,
    descriptionZh: `${row.code} ${row.message}：${zh}。`,
  };
}

/** Describes an answer of the gateway. */
export function describeGatewayRow({ statuses, errorCodes, message, prefix, category }: GatewayRow): Described {
  const { en, zh } = MEANINGS[category];
  const known = message === '' ? undefined : (prefix ?? message);
  const words = known === undefined ? `with the code "${errorCodes[0]}"` : `"${known}"`;
  return {
    description: `The gateway answers HTTP ${statuses[0]} ${words}: ${en}.`,
    descriptionZh: `${known ?? errorCodes[0]}：${zh}。`,
  };
}
