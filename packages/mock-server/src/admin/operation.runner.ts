import type { Request } from 'express';
import { JournalIncompleteError } from '../journal/verification.types.js';
import type { MockNamespace } from '../namespace/mock-namespace.js';
import { ScenarioSettingsError } from '../namespace/settings.check.js';
import { ClockRangeError } from '../namespace/virtual-clock.js';
import { UnknownScenarioError } from '../scenario/scenario.catalogue.js';
import { guardAdminToken } from './access.guard.js';
import type { AdminContext } from './admin.context.js';
import { AdminError, type AdminOperation } from './operation.types.js';
import { InvalidRequestError, type RequestValidator } from './request.validator.js';

/** Probes of an orchestrator have no token. */
const TOKENLESS = new Set(['getHealth', 'getReady']);

/** Runs one operation for a request: token, credential, query, body, then the operation itself. */
export function runOperation(
  operation: AdminOperation,
  request: Request,
  context: AdminContext,
  validator: RequestValidator,
): unknown {
  if (!TOKENLESS.has(operation.id)) guardAdminToken(request, context);
  // An operation that belongs to no namespace never looks at it.
  const namespace = operation.scope === 'namespace' ? authenticated(request, context) : (undefined as never);
  const query = readQuery(operation, request);
  const body = operation.body === undefined ? undefined : readBody(operation, request);
  if (operation.body !== undefined && body !== undefined) validator.check(operation.body, body);
  return operation.run({ context, namespace, query, body });
}

function authenticated(request: Request, { authenticator, handleOf }: AdminContext): MockNamespace {
  const { method, originalUrl: url, headers } = request;
  const caller = authenticator.authenticate({ method, url, headers, body: rawBody(request), form: undefined });
  if (caller.ok) return handleOf(caller.namespace);
  throw new AdminError(
    401,
    caller.rowId.replaceAll('-', '_'),
    'Send the same credential as for the data route: "Authorization: APPCODE <code>", or a signature. It chooses the namespace.',
  );
}

function readQuery(operation: AdminOperation, request: Request): Record<string, number> {
  const query: Record<string, number> = {};
  for (const [name, value] of new URLSearchParams(request.originalUrl.split('?')[1] ?? '')) {
    const schema = operation.query?.[name];
    const known = Object.keys(operation.query ?? {});
    if (!schema)
      throw new InvalidRequestError(
        `There is no query ${JSON.stringify(name.slice(0, 64))}. Known: ${known.join(', ') || 'none'}.`,
      );
    const { minimum = 0, maximum = 0 } = schema as { minimum?: number; maximum?: number };
    if (!/^\d{1,15}$/.test(value) || Number(value) < minimum || Number(value) > maximum) {
      throw new InvalidRequestError(`"${name}" must be a whole number from ${minimum} to ${maximum}.`);
    }
    query[name] = Number(value);
  }
  return query;
}

function readBody(operation: AdminOperation, request: Request): unknown {
  const bytes = rawBody(request);
  if (bytes.length === 0) {
    if (operation.bodyIsOptional) return undefined;
    throw new InvalidRequestError('A JSON body is needed.');
  }
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) {
    throw new AdminError(415, 'unsupported_media_type', 'Send the body as Content-Type: application/json.');
  }
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    throw new InvalidRequestError('The body is not JSON.');
  }
}

const NOTHING = Buffer.alloc(0);

function rawBody(request: Request): Buffer {
  return Buffer.isBuffer(request.body) ? request.body : NOTHING;
}

/** What is answered for an error: status, stable code, message, nearest names. */
export function toAdminError(error: unknown): AdminError {
  if (error instanceof AdminError) return error;
  if (error instanceof InvalidRequestError) return new AdminError(400, 'invalid_request', error.message, error.nearest);
  if (error instanceof UnknownScenarioError)
    return new AdminError(422, 'unknown_scenario', error.message, error.nearest);
  if (error instanceof ScenarioSettingsError) return new AdminError(422, 'impossible_scenario', error.message);
  if (error instanceof ClockRangeError) return new AdminError(422, 'clock_out_of_range', error.message);
  if (error instanceof JournalIncompleteError) return new AdminError(409, 'journal_incomplete', error.message);
  const { type } = (error ?? {}) as { type?: string };
  const known = BODY_ERRORS[type ?? ''];
  if (known) return new AdminError(...known);
  return new AdminError(500, 'internal', 'The mock failed. This is a defect of the mock.');
}

/** What Express's body reader reports, by type. */
const BODY_ERRORS: Readonly<Record<string, readonly [number, string, string]>> = {
  'entity.too.large': [413, 'body_too_large', 'The body is larger than 1 MiB.'],
  'encoding.unsupported': [415, 'unsupported_media_type', 'Send the body without Content-Encoding.'],
  'request.size.invalid': [400, 'invalid_request', 'The body is shorter than its Content-Length.'],
  'request.aborted': [400, 'invalid_request', 'The request was broken off.'],
};
