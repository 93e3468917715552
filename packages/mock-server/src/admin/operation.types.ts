import type { MockNamespace } from '../namespace/mock-namespace.js';
import type { AdminContext } from './admin.context.js';
import type { JsonSchema } from './json-schema.js';
import type { SchemaName } from './schemas.js';

/** The input of an operation. The body is already validated against its schema. */
export interface OperationInput {
  readonly context: AdminContext;
  readonly body: unknown;
  readonly query: Readonly<Record<string, number | undefined>>;
  /** The namespace of the credential. Not set for an operation with the scope `open`. */
  readonly namespace: MockNamespace;
  /** True if the caller named the namespace by its hash, without its credential. */
  readonly byHash: boolean;
  /** Aborted when the client disconnects. */
  readonly signal: AbortSignal;
}

/** One operation of the admin API. Its route and its description in the OpenAPI document come from this row. */
export interface AdminOperation {
  readonly id: string;
  readonly method: 'get' | 'post' | 'put' | 'delete';
  readonly path: `/__admin/${string}`;
  readonly tag: string;
  readonly summary: string;
  readonly description: string;
  /** `namespace` operations need a credential, which selects the namespace; `open` operations do not. */
  readonly scope: 'namespace' | 'open';
  readonly body?: SchemaName;
  /** True if the body is optional. */
  readonly bodyIsOptional?: boolean;
  /** Integer query parameters. */
  readonly query?: Readonly<Record<string, JsonSchema>>;
  /** The schema of the reply, or a media type if the reply is not JSON. */
  readonly reply: SchemaName | 'text/plain';
  readonly status?: 200 | 201;
  /** Additional error responses, beside those of every operation. */
  readonly refusals?: Readonly<Record<number, string>>;
  readonly run: (input: OperationInput) => unknown;
}

/** An error with an HTTP status. */
export class AdminError extends Error {
  override readonly name = 'AdminError';

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly nearest?: readonly string[],
  ) {
    super(message);
  }
}
