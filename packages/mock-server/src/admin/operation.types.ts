import type { MockNamespace } from '../namespace/mock-namespace.js';
import type { AdminContext } from './admin.context.js';
import type { JsonSchema } from './json-schema.js';
import type { SchemaName } from './schemas.js';

/** What an operation has to work with. The body was validated by its schema. */
export interface OperationInput {
  readonly context: AdminContext;
  readonly body: unknown;
  readonly query: Readonly<Record<string, number | undefined>>;
  /** The namespace of the credential; operations that belong to none do not ask for it. */
  readonly namespace: MockNamespace;
  /** Aborted when the client is gone: nobody waits for the reply any more. */
  readonly signal: AbortSignal;
}

/** One operation of the admin API: the route and its description come from the same row. */
export interface AdminOperation {
  readonly id: string;
  readonly method: 'get' | 'post' | 'put' | 'delete';
  readonly path: `/__admin/${string}`;
  readonly tag: string;
  readonly summary: string;
  readonly description: string;
  /** `namespace`: needs the credential whose namespace is meant. `open`: needs none. */
  readonly scope: 'namespace' | 'open';
  readonly body?: SchemaName;
  /** Whether the body may be left out. */
  readonly bodyIsOptional?: boolean;
  /** Whole numbers in the query. */
  readonly query?: Readonly<Record<string, JsonSchema>>;
  /** Schema of the reply; a media type where it is no JSON. */
  readonly reply: SchemaName | 'text/plain';
  readonly status?: 200 | 201;
  /** Further refusals, beside those that every operation has. */
  readonly refusals?: Readonly<Record<number, string>>;
  readonly run: (input: OperationInput) => unknown;
}

/** A refusal with a status of its own. */
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
