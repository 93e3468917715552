import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { ERROR_CODES } from '@identity-verify/nestjs';
import { ANSWERED_CODES } from './problem.examples.js';

const DESCRIPTION = `Do this name, this ID number and this mobile belong to one person?
姓名、身份证号、手机号，是否属于同一个人？

Every example is a synthetic test identity, which the mock answers. · 示例均为虚构的测试身份，由模拟上游答复。

| code | status | billed | meaning |
| --- | --- | --- | --- |
${ANSWERED_CODES.map((code) => {
  const { httpStatus, billed, title } = ERROR_CODES[code];
  return `| \`${code}\` | ${httpStatus} | ${billed} | ${title} |`;
}).join('\n')}`;

type Schemas = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>;

const text = (description: string, more: object = {}) => ({ type: 'string' as const, description, ...more });
const at = (description: string) => text(description, { format: 'date-time' });
const billed = text('The cost of this question. Count `unknown` as paid. · 本次是否计费；`unknown` 按已计费处理。', {
  enum: ['yes', 'no', 'unknown'],
});

/** The bodies of the replies. */
const SCHEMAS: Schemas = {
  Problem: {
    type: 'object',
    description: 'Problem details (RFC 9457). · 问题详情（RFC 9457）。',
    required: ['type', 'title', 'status'],
    properties: {
      type: text('`urn:identity-verify:` and the code, or `about:blank`.'),
      title: text('What happened, in general. · 概要。'),
      status: { type: 'integer', description: 'The HTTP status. · HTTP 状态码。' },
      detail: text('What happened here. · 具体情况。'),
      code: text('Stable code of the error. · 错误码，不会改变。', { enum: [...ANSWERED_CODES] }),
      violations: {
        type: 'array',
        description: 'The refused fields, without their values. · 被拒绝的字段，不含其值。',
        items: {
          type: 'object',
          properties: {
            field: text('The field. · 字段。', { enum: ['name', 'idCard', 'mobile'] }),
            reason: text('Stable name of the reason. · 原因，不会改变。'),
            message: text('The reason in English. · 英文说明。'),
            messageZh: text('The reason in Chinese. · 中文说明。'),
          },
        },
      },
      retryAfter: { type: 'integer', description: 'Seconds to wait before asking again. · 再次核验前需等待的秒数。' },
      billed: { ...billed, description: `Only of \`POST /verifications\`. ${billed.description}` },
    },
  },
  Verification: {
    type: 'object',
    description: 'An answer. Contains none of the three fields. · 结果，不含三项身份信息。',
    required: ['outcome', 'code', 'billed', 'source', 'answeredAt'],
    properties: {
      outcome: text('Only `match` is a match. · 只有 `match` 表示一致。', {
        enum: ['match', 'mismatch', 'no_record', 'indeterminate'],
      }),
      code: text('The code of the upstream. · 上游返回码。', { example: '10000' }),
      billed,
      source: text('Who answered. · 结果来自哪里。', { enum: ['upstream', 'ledger', 'joined'] }),
      answeredAt: at('When the upstream answered. · 上游答复的时间。'),
      seqNo: text('The number of the call, for the vendor’s support. · 调用流水号，联系供应商时使用。'),
      requestId: text('The request id of the gateway. · 网关的请求编号。'),
    },
  },
  Enrolment: {
    type: 'object',
    description: 'The account of a verified person. · 已核验的人的账户。',
    required: ['subjectId', 'created', 'verifiedAt'],
    properties: {
      subjectId: text('Keyed id of the person; reveals nothing. · 以密钥生成的编号，不泄露身份。'),
      created: { type: 'boolean', description: 'False if the person had an account already. · 已有账户时为 false。' },
      verifiedAt: at('When the person was verified. · 核验时间。'),
    },
  },
  LoanApplication: {
    type: 'object',
    required: ['accepted'],
    properties: { accepted: { type: 'boolean', enum: [true] } },
  },
};

/** Serves the OpenAPI page at `/docs` and the document at `/docs-json`. */
export function serveOpenApi(app: INestApplication): void {
  const config = new DocumentBuilder()
    .setTitle('Identity Verify sample · 实名核验示例')
    .setDescription(DESCRIPTION)
    .setVersion('0.1.0')
    .build();
  SwaggerModule.setup('docs', app, () => {
    const document = SwaggerModule.createDocument(app, config);
    document.components = { ...document.components, schemas: { ...document.components?.schemas, ...SCHEMAS } };
    return document;
  });
}
