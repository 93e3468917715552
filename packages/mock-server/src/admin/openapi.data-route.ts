import {
  ENDPOINT,
  GATEWAY_ANSWERS,
  GATEWAY_HEADERS,
  RESPONSE_CODES,
  STATES,
  type GatewayRow,
} from '@identity-verify/contract';
import { object, orNull, ref, text, type JsonSchema } from './json-schema.js';

/** The schemas of the data route, generated from the tables of the contract. */
export const DATA_SCHEMAS = {
  VerificationForm: {
    ...object('The question: do these three belong to one person?', {
      name: text('Name.'),
      idcard: text('ID number, 18 characters.'),
      mobile: text('Mobile, 11 digits.'),
      'key?': text('Credential of the direct channel. Calls through the market do not use it.'),
    }),
    // The vendor ignores additional fields.
    additionalProperties: true,
  },
  VerificationReply: {
    ...object('The reply of the vendor. Code 10000 is a successful call, not a match; `data.state` has the answer.', {
      code: text('Response code. The vendor may send codes that are not documented.', {
        examples: RESPONSE_CODES.map(({ code }) => code),
      }),
      message: text('Message of the code.'),
      data: orNull({
        type: 'object',
        description: STATES.map(({ state, meaning }) => `\`${state}\` ${meaning}`).join(', '),
        properties: { state: text('State.', { examples: STATES.map(({ state }) => state) }) },
      }),
      seqNo: text('Unique, opaque number of the call.'),
    }),
  },
} as const satisfies Readonly<Record<string, JsonSchema>>;

const header = (description: string) => ({ description, schema: { type: 'string' } });

/** Labels a row with its message, or with its codes if no message is documented. */
const labelOf = ({ message, errorCodes }: GatewayRow) => message || errorCodes.join(', ');

/** Groups the rows by HTTP status: one response per status. */
function gatewayResponses() {
  const rowsByStatus = new Map<number, GatewayRow[]>();
  for (const row of GATEWAY_ANSWERS) {
    for (const status of row.statuses) rowsByStatus.set(status, [...(rowsByStatus.get(status) ?? []), row]);
  }
  return [...rowsByStatus].map(([status, rows]) => [
    String(status),
    {
      description: `The gateway answers in place of the vendor: ${rows.map(labelOf).join('; ')}.`,
      headers: {
        [GATEWAY_HEADERS.requestId]: header('Id of the request.'),
        [GATEWAY_HEADERS.errorMessage]: {
          description: 'Reason of the refusal.',
          schema: { type: 'string', examples: rows.map(({ message }) => message).filter(Boolean) },
        },
        [GATEWAY_HEADERS.errorCode]: {
          description: 'Code of the refusal. Only newer gateways send it.',
          schema: { type: 'string', examples: [...new Set(rows.flatMap(({ errorCodes }) => errorCodes))] },
        },
      },
    },
  ]);
}

/** Describes the data route as a path of the OpenAPI document. */
export function dataRoutePath() {
  return {
    post: {
      operationId: 'verifyIdentity',
      tags: ['data'],
      summary: 'Do name, ID number and mobile belong to one person?',
      description:
        'The paid API that this mock stands in for. The scenario comes from the first of these that applies: queue, rule, `X-Mock-Scenario`, test mobile, test population, default.',
      security: [{ appCode: [] }, { signature: [] }, {}],
      parameters: [
        {
          name: 'X-Mock-Scenario',
          in: 'header',
          description: 'Id or alias of the scenario to play. The real API does not have this header.',
          schema: { type: 'string' },
        },
      ],
      requestBody: {
        description: 'The question.',
        required: true,
        content: { [ENDPOINT.contentType.split(';')[0] ?? '']: { schema: ref('VerificationForm') } },
      },
      responses: {
        '200': {
          description: 'The reply of the vendor, with any code.',
          headers: {
            [GATEWAY_HEADERS.requestId]: header('Id of the request.'),
            'X-Mock-Decision': header(
              'The stage that decided the reply. Neither the real API nor `strictWire` sends it.',
            ),
          },
          content: { 'application/json': { schema: ref('VerificationReply') } },
        },
        ...Object.fromEntries(gatewayResponses()),
      },
    },
  };
}
