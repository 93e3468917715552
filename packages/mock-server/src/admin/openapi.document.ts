import { ENDPOINT, GATEWAY_HEADERS } from '@identity-verify/contract';
import { VERSION } from '../support/version.js';
import { ref, type JsonSchema } from './json-schema.js';
import { DATA_SCHEMAS, dataRoutePath } from './openapi.data-route.js';
import { ADMIN_OPERATIONS } from './operations.js';
import type { AdminOperation } from './operation.types.js';
import { REPLY_SCHEMAS, REQUEST_SCHEMAS } from './schemas.js';

const TAGS = [
  { name: 'data', description: 'The paid API that the mock stands in for.' },
  { name: 'scenarios', description: 'The selection of the scenario that answers a call.' },
  { name: 'journal', description: 'The recorded requests, and assertions about them.' },
  { name: 'simulation', description: 'Simulated clock, quota, rate limits and latency.' },
  { name: 'namespace', description: 'The state of a credential.' },
  { name: 'server', description: 'The server process.' },
];

const errorReply = (description: string) => ({
  description,
  content: { 'application/json': { schema: ref('ErrorReply') } },
});

const NO_SUCH_NAMESPACE = 'No namespace has the hash in `X-Mock-Namespace`.';

/** The error responses that follow from the parameters of an operation. */
function refusalsOf(operation: AdminOperation): Record<string, unknown> {
  const refusals: Record<number, string> = {
    403: 'The `Host` or `Origin` header is not allowed to use the admin API.',
    503: 'Too many admin requests at the same time.',
  };
  if (operation.query ?? operation.body) refusals[400] = 'The query or the body is invalid.';
  if (operation.scope === 'namespace') refusals[401] = 'The credential is missing or invalid.';
  if (operation.body) {
    refusals[413] = 'The body is larger than 1 MiB.';
    refusals[415] = 'The body is not JSON.';
  }
  if (operation.scope === 'namespace') refusals[404] = NO_SUCH_NAMESPACE;
  const all: Readonly<Record<number, string>> = { ...refusals, ...operation.refusals };
  return Object.fromEntries(Object.entries(all).map(([status, description]) => [status, errorReply(description)]));
}

function operationObject(operation: AdminOperation) {
  const { id, tag, summary, description, scope, body, bodyIsOptional, query, reply, status = 200 } = operation;
  return {
    operationId: id,
    tags: [tag],
    summary,
    description,
    security: scope === 'namespace' ? [{ appCode: [] }, { signature: [] }, { namespaceHash: [] }] : [],
    ...(query && {
      parameters: Object.entries(query).map(([name, schema]) => ({
        name,
        in: 'query',
        description: schema['description'],
        schema,
      })),
    }),
    ...(body && {
      requestBody: {
        description: description,
        required: !bodyIsOptional,
        content: { 'application/json': { schema: ref(body) } },
      },
    }),
    responses: {
      [status]: {
        description: summary,
        content:
          reply === 'text/plain'
            ? { 'text/plain': { schema: { type: 'string' } } }
            : { 'application/json': { schema: ref(reply) } },
      },
      ...refusalsOf(operation),
    },
  };
}

function adminPaths(): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const operation of ADMIN_OPERATIONS) {
    paths[operation.path] = { ...paths[operation.path], [operation.method]: operationObject(operation) };
  }
  return paths;
}

/**
 * Builds the OpenAPI 3.1 document of the data route and the admin API.
 *
 * @param url base address of this server
 */
export function openApiDocument(url: string): JsonSchema {
  return {
    openapi: '3.1.0',
    info: {
      title: 'identity-verify-mock',
      version: VERSION,
      summary: 'Stand-in upstream for three-element identity verification.',
      description:
        'Replays every documented code and failure of a paid API that has no sandbox. The credential of a request is its namespace: requests with different credentials share no state.',
      license: { name: 'MIT', identifier: 'MIT' },
      contact: { name: 'identity-verify' },
    },
    servers: [{ url, description: 'This mock.' }],
    tags: TAGS,
    paths: { [ENDPOINT.path]: dataRoutePath(), ...adminPaths() },
    components: {
      securitySchemes: {
        appCode: {
          type: 'apiKey',
          in: 'header',
          name: 'Authorization',
          description: `\`${ENDPOINT.authorizationScheme} <code>\`, with one space. It selects the namespace.`,
        },
        signature: {
          type: 'apiKey',
          in: 'header',
          name: GATEWAY_HEADERS.signature,
          description: `AppKey and signature: ${GATEWAY_HEADERS.key}, ${GATEWAY_HEADERS.signature}, ${GATEWAY_HEADERS.signatureHeaders} and the headers that it lists. The AppKey selects the namespace.`,
        },
        namespaceHash: {
          type: 'apiKey',
          in: 'header',
          name: 'X-Mock-Namespace',
          description:
            'Short hash of the credential of an existing namespace, from `GET /__admin/namespaces`. It selects the namespace like the credential, but shows a raw journal masked.',
        },
      },
      schemas: { ...DATA_SCHEMAS, ...REQUEST_SCHEMAS, ...REPLY_SCHEMAS },
    },
  };
}
