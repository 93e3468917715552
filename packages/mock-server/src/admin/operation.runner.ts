import type { Request } from 'express';
import { JournalIncompleteError } from '../journal/expectation.types.js';
import type { MockNamespace } from '../namespace/mock-namespace.js';
import { ScenarioSettingsError } from '../namespace/settings.check.js';
import { ClockRangeError } from '../namespace/virtual-clock.js';
import { UnknownScenarioError } from '../scenario/scenario.catalogue.js';
import { guardAdminToken } from './access.guard.js';
import type { AdminContext } from './admin.context.js';
import type { JsonBodyReader } from './json-body.reader.js';
import { AdminError, type AdminOperation } from './operation.types.js';
import { InvalidRequestError, type RequestValidator } from './request.validator.js';

/** Operations that need no admin token, for the probes of an orchestrator. */
const TOKENLESS = new Set(['getHealth', 'getReady']);

/** The dependencies of {@link runOperation}. */
export interface OperationSurroundings {
  readonly context: AdminContext;
  readonly bodies: JsonBodyReader;
  readonly validator: RequestValidator;
  /** Aborted when the client disconnects. */
  readonly signal: AbortSignal;
}

/**
 * Runs one operation: checks the admin token, the credential, the query and the body, then calls the operation. The
 * admin token and an AppCode are checked before the body is read; a signature needs the body.
 */
export async function runOperation(
  operation: AdminOperation,
  request: Request,
  { context, bodies, validator, signal }: OperationSurroundings,
): Promise<unknown> {
  if (!TOKENLESS.has(operation.id)) guardAdminToken(request, context);
  // An open operation does not use the namespace.
  const isOwned = operation.scope === 'namespace';
  // A signature covers the body, so it needs the body. An AppCode does not.
  const hash = request.headers['x-mock-namespace'];
  const isSigned = request.headers['x-ca-key'] !== undefined && request.headers['x-ca-signature'] !== undefined;
  let namespace =
    isOwned && typeof hash === 'string'
      ? namedByHash(hash, context)
      : isOwned && !isSigned
        ? authenticated(request, context)
        : undefined;
  const query = readQuery(operation, request);
  const bytes = operation.body === undefined ? NOTHING : await bodies.read(request);
  if (isOwned) namespace ??= authenticated(request, context, bytes);
  const body = parseBody(operation, bytes);
  if (operation.body !== undefined && body !== undefined) validator.check(operation.body, body, bytes.length);
  return operation.run({
    context,
    namespace: namespace as MockNamespace,
    query,
    body,
    signal,
    byHash: typeof hash === 'string',
  });
}

/**
 * The namespace with a hash, for the page: it lists namespaces by their hashes, and never learns an AppCode.
 *
 * @throws AdminError 404 if there is none
 */
function namedByHash(hash: string, { namespaces, handleOf }: AdminContext): MockNamespace {
  const find = () => {
    const state = namespaces.byId(hash);
    if (state) return state;
    throw new AdminError(404, 'no_such_namespace', 'No namespace has this hash. GET /__admin/namespaces lists them.');
  };
  find();
  return handleOf(find);
}

function authenticated(request: Request, context: AdminContext, body = NOTHING): MockNamespace {
  const { authenticator, handleOf } = context;
  const { method, originalUrl: url, headers } = request;
  const caller = authenticator.authenticate({ method, url, headers, body, form: undefined });
  if (caller.ok) return handleOf(() => caller.namespace);
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

function parseBody(operation: AdminOperation, bytes: Buffer): unknown {
  if (operation.body === undefined) return undefined;
  if (bytes.length === 0) {
    if (operation.bodyIsOptional) return undefined;
    throw new InvalidRequestError('A JSON body is needed.');
  }
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    throw new InvalidRequestError('The body is not JSON.');
  }
}

const NOTHING: Buffer = Buffer.alloc(0);

/** Maps an error to status, stable code, message and nearest names. */
export function toAdminError(error: unknown): AdminError {
  if (error instanceof AdminError) return error;
  if (error instanceof InvalidRequestError) return new AdminError(400, 'invalid_request', error.message, error.nearest);
  if (error instanceof UnknownScenarioError)
    return new AdminError(422, 'unknown_scenario', error.message, error.nearest);
  if (error instanceof ScenarioSettingsError) return new AdminError(422, 'impossible_scenario', error.message);
  if (error instanceof ClockRangeError) return new AdminError(422, 'clock_out_of_range', error.message);
  if (error instanceof JournalIncompleteError) return new AdminError(409, 'journal_incomplete', error.message);
  return new AdminError(500, 'internal', 'The mock failed. This is a defect of the mock.');
}
