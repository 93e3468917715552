/** The subset of JSON Schema 2020-12 that this package uses. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

/** Returns a reference to a schema of the OpenAPI document. */
export const ref = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` });

/** Returns an object schema without additional properties. A name that ends in `?` is optional. */
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

/** Returns the schema extended with null. */
export const orNull = (schema: JsonSchema): JsonSchema =>
  'enum' in schema
    ? { ...schema, enum: [...(schema['enum'] as unknown[]), null] }
    : 'type' in schema
      ? { ...schema, type: [schema['type'], 'null'] }
      : { oneOf: [schema, { type: 'null' }] };
