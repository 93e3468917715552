/** A JSON Schema 2020-12, as far as this package writes one. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

/** A reference to a schema of the OpenAPI document. */
export const ref = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` });

/** An object that has the given properties and no other; those ending in `?` may be missing. */
export function object(description: string, properties: Readonly<Record<string, JsonSchema>>): JsonSchema {
  const entries = Object.entries(properties).map(([name, schema]) => [name.replace(/\?$/, ''), schema] as const);
  return {
    type: 'object',
    description,
    properties: Object.fromEntries(entries),
    required: Object.keys(properties).filter((name) => !name.endsWith('?')),
    additionalProperties: false,
  };
}

export const text = (description: string, more: JsonSchema = {}): JsonSchema => ({
  type: 'string',
  description,
  ...more,
});

export const flag = (description: string, more: JsonSchema = {}): JsonSchema => ({
  type: 'boolean',
  description,
  ...more,
});

export const whole = (description: string, minimum = 0, maximum = Number.MAX_SAFE_INTEGER): JsonSchema => ({
  type: 'integer',
  description,
  minimum,
  maximum,
});

export const list = (description: string, items: JsonSchema, more: JsonSchema = {}): JsonSchema => ({
  type: 'array',
  description,
  items,
  ...more,
});

export const choice = (description: string, values: readonly unknown[]): JsonSchema => ({ description, enum: values });

/** The same schema, or null. */
export const orNull = (schema: JsonSchema): JsonSchema =>
  'enum' in schema
    ? { ...schema, enum: [...(schema['enum'] as unknown[]), null] }
    : 'type' in schema
      ? { ...schema, type: [schema['type'], 'null'] }
      : { oneOf: [schema, { type: 'null' }] };
