import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { MockServer } from '@identity-verify/mock-server';

interface Operation {
  operationId: string;
  responses: Record<string, { content?: Record<string, { schema: unknown }> } | undefined>;
}

export interface OpenApi {
  paths: Record<string, Record<string, Operation | undefined> | undefined>;
  components: { schemas: Record<string, unknown> };
}

/** A reply of the admin API that conforms to the OpenAPI document. */
export interface AdminReply {
  readonly status: number;
  readonly headers: Headers;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests read any field
  readonly body: any;
}

/** Calls the admin API and validates every reply against the OpenAPI document that the mock serves. */
export class AdminClient {
  /** `operationId status` of every validated reply. */
  readonly covered = new Set<string>();
  readonly #validators = new Map<string, ValidateFunction>();

  private constructor(
    private readonly mock: MockServer,
    readonly document: OpenApi,
  ) {}

  static async of(mock: MockServer): Promise<AdminClient> {
    return new AdminClient(mock, (await (await fetch(`${mock.url}/openapi.json`)).json()) as OpenApi);
  }

  async call(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = { Authorization: 'APPCODE admin' },
  ): Promise<AdminReply> {
    const response = await fetch(`${this.mock.url}/__admin/${path}`, {
      method,
      headers: { ...(body !== undefined && { 'Content-Type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const type = response.headers.get('Content-Type')?.split(';')[0] ?? '';
    const text = await response.text();
    const parsed: unknown = type === 'application/json' ? JSON.parse(text) : text;
    this.#validate(method, `/__admin/${path.split('?')[0]}`, response.status, type, parsed);
    return { status: response.status, headers: response.headers, body: parsed };
  }

  #validate(method: string, path: string, status: number, type: string, body: unknown): void {
    const operation = this.document.paths[path]?.[method.toLowerCase()];
    // An undocumented path or method still gets the documented error.
    const schema = operation
      ? operation.responses[String(status)]?.content?.[type]?.schema
      : { $ref: '#/components/schemas/ErrorReply' };
    const id = `${operation?.operationId ?? 'none'} ${status}`;
    if (schema === undefined) throw new Error(`${id} (${type}) is not documented.`);
    const validate = this.#validators.get(id) ?? this.#compile(schema);
    this.#validators.set(id, validate);
    if (!validate(body)) throw new Error(`${id} is not as documented: ${JSON.stringify(validate.errors)}`);
    this.covered.add(id);
  }

  #compile(schema: unknown): ValidateFunction {
    const ajv = new Ajv2020({ strict: false });
    addFormats.default(ajv);
    const { schemas } = this.document.components;
    const inlined = JSON.stringify({ ...(schema as object), $defs: schemas }).replaceAll(
      '#/components/schemas/',
      '#/$defs/',
    );
    return ajv.compile(JSON.parse(inlined) as object);
  }
}
