import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiResponse } from '@nestjs/swagger';
import { TEST_POPULATION, TEST_MOBILES } from '@identity-verify/contract';
import { PROBLEM_MEDIA_TYPE } from '@identity-verify/nestjs';
import { playgroundIdentities } from '../playground/identities.js';
import { PROBLEM_EXAMPLES } from './problem.examples.js';

const [person] = TEST_POPULATION;

/** An example per scenario, each with an ID number of its own: they do not use up each other's subject limit. */
const exampleOf = (summary: string, mobile: string) => {
  const { name, idCard } = playgroundIdentities().find((each) => each.mobile === mobile) ?? person;
  return { summary, value: { name, idCard, mobile } };
};

/**
 * Documents the three fields. The examples are test identities; the description of each names the behaviour of the
 * mock.
 */
export function ApiIdentityBody(): MethodDecorator {
  const text = (description: string) => ({ type: 'string' as const, description });
  return ApiBody({
    schema: {
      type: 'object',
      required: ['name', 'idCard', 'mobile'],
      properties: {
        name: text(
          '2 to 50 Han ideographs with middle dots, or Latin letters with a permit of a foreigner · 2 至 50 个汉字（可含间隔号），持外国人证件时可用拉丁字母',
        ),
        idCard: text('18 characters, the last one a check character · 18 位，最后一位是校验码'),
        mobile: text('11 digits; +86, spaces and hyphens are removed · 11 位数字；+86、空格和连字符会被去掉'),
      },
    },
    examples: {
      match: exampleOf('A match · 一致', person.mobile),
      mismatch: exampleOf('A mismatch · 不一致', '16000000002'),
      noRecord: exampleOf('No record · 查无记录', '16000010001'),
      indeterminate: exampleOf('Code 10000 without an answer · 返回码 10000 但无法判定', '16000000000'),
      busy: exampleOf('The upstream is busy · 上游繁忙', '16000010017'),
      timeout: exampleOf('The upstream never answers · 上游一直不答复', hangingMobile()),
    },
  });
}

const hangingMobile = () =>
  TEST_MOBILES.find(({ scenario }) => scenario.kind === 'fault' && scenario.fault === 'hang')?.mobile ?? '';

const MEANING: Readonly<Record<number, string>> = {
  400: 'The body is not valid JSON. · 请求正文不是合法的 JSON。',
  403: 'Not a match. Never says which field was wrong. · 不一致。不会说明是哪一项不对。',
  413: 'The body is larger than any identity. · 请求正文过大。',
  415: 'The body must be JSON in UTF-8. · 请求正文必须是 UTF-8 编码的 JSON。',
  422: 'A field is not well-formed; `violations` says which and why. Nothing was sent, nothing is paid. · 有字段格式不正确，`violations` 说明是哪一项、为什么。没有发送，不收费。',
  428: 'Only with real credentials: the call costs money, and `X-Confirm-Paid-Call: yes` is missing. · 仅在使用真实凭证时：调用要付费，缺少 `X-Confirm-Paid-Call: yes`。',
  429: 'Too many requests, or too many different identities for one person. `Retry-After` says how many seconds to wait. · 请求过于频繁，或对同一人尝试的组合过多。`Retry-After` 为需等待的秒数。',
  502: 'The upstream failed or answered something unreadable. The call may have been paid for: see `billed`. · 上游失败，或答复无法读懂。可能已计费，见 `billed`。',
  503: 'There is no answer: the upstream, the account or a limit of ours. Says nothing about the person. · 没有结果：上游、账户或本应用的限制所致，与被核验的人无关。',
  504: 'The upstream did not answer before the deadline. The call may have been paid for. · 上游没有在期限内答复，可能已计费。',
};

/** The statuses that any route with an identity can answer. */
const OF_EVERY_ROUTE = [400, 413, 415, 422, 428, 429, 502, 503, 504];

/** Documents the problem details (RFC 9457) of a route with an identity: one example for each code that it answers. */
export function ApiProblems(...more: readonly number[]): MethodDecorator {
  return applyDecorators(
    ApiHeader({
      name: 'X-Confirm-Paid-Call',
      required: false,
      description: '`yes` confirms a paid call. Needed with real credentials only. · 仅在使用真实凭证时需要。',
      schema: { type: 'string', enum: ['yes'] },
    }),
    ...[...OF_EVERY_ROUTE, ...more].map((status) =>
      ApiResponse({
        status,
        description: MEANING[status] ?? '',
        content: {
          [PROBLEM_MEDIA_TYPE]: {
            schema: { $ref: '#/components/schemas/Problem' },
            examples: PROBLEM_EXAMPLES[status] ?? {},
          },
        },
      }),
    ),
  );
}
