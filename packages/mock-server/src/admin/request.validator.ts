import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { nearest } from '../text/nearest.js';
import { quotedName } from '../text/quoted-name.js';
import { REQUEST_SCHEMAS, type SchemaName } from './schemas.js';

/** The request body does not match its schema. */
export class InvalidRequestError extends Error {
  override readonly name = 'InvalidRequestError';

  constructor(
    message: string,
    /** The valid field names that are closest to an unknown one. */
    readonly nearest?: readonly string[],
  ) {
    super(message);
  }
}

/**
 * Maximum length of a body for which all validation errors are collected, in bytes. With all errors, the most helpful
 * one can be selected; a long list of invalid items would produce millions.
 */
const EXPLAINED_BYTES = 4 * 1024;

/** Validates request bodies against the schemas that the OpenAPI document publishes. */
export class RequestValidator {
  readonly #untilFirstError = new SchemaSet(false);
  readonly #withAllErrors = new SchemaSet(true);

  /**
   * @param bytes length of the body as received
   * @throws InvalidRequestError with the field, the rule and, for an unknown field, the nearest names
   */
  check(schema: SchemaName, body: unknown, bytes: number): void {
    const validate = (bytes > EXPLAINED_BYTES ? this.#untilFirstError : this.#withAllErrors).of(schema);
    if (!validate(body)) throw toError(validate.errors ?? []);
  }
}

/** Compiles the schemas on first use. */
class SchemaSet {
  readonly #ajv: Ajv2020;
  readonly #compiled = new Map<SchemaName, ValidateFunction>();

  constructor(allErrors: boolean) {
    // Messages never contain values, because a body may contain an identity.
    this.#ajv = new Ajv2020({ allErrors, verbose: true, strict: false });
    const definitions: unknown = JSON.parse(
      JSON.stringify(REQUEST_SCHEMAS).replaceAll('#/components/schemas/', 'request#/$defs/'),
    );
    this.#ajv.addSchema({ $id: 'request', $defs: definitions });
  }

  of(schema: SchemaName): ValidateFunction {
    let validate = this.#compiled.get(schema);
    if (!validate) {
      validate = this.#ajv.compile({ $ref: `request#/$defs/${schema}` });
      this.#compiled.set(schema, validate);
    }
    return validate;
  }
}

/**
 * Selects the most helpful error. For a `oneOf`, errors count only within the variant that the body names; if it names
 * none, the error lists the variants.
 */
function toError(all: readonly ErrorObject[]): InvalidRequestError {
  const wrongKinds = all.filter(({ keyword, instancePath }) => keyword === 'enum' && instancePath === '/kind');
  const otherKinds = new Set(wrongKinds.map(({ schemaPath }) => schemaOf(schemaPath)));
  const errors = all.filter(({ schemaPath, keyword }) => keyword !== 'oneOf' && !otherKinds.has(schemaOf(schemaPath)));
  const error = errors.find(({ keyword }) => keyword === 'additionalProperties') ?? errors[0];
  if (!error) {
    const kinds = wrongKinds.flatMap(({ params }) => (params as { allowedValues: string[] }).allowedValues);
    return new InvalidRequestError(
      kinds.length ? `"kind" must be one of ${kinds.join(', ')}.` : 'The body is not as documented.',
    );
  }
  const where = error.instancePath === '' ? 'The body' : `"${error.instancePath.slice(1).replaceAll('/', '.')}"`;
  const params = error.params as Readonly<Record<string, unknown>>;
  if (error.keyword === 'additionalProperties') {
    const unknown = String(params['additionalProperty']);
    const known = Object.keys((error.parentSchema?.['properties'] as object | undefined) ?? {});
    const meant = nearest(unknown, known);
    const hint = meant.length
      ? `Did you mean ${meant.map((n) => `"${n}"`).join(', ')}?`
      : `It has ${known.join(', ')}.`;
    return new InvalidRequestError(`${where} has no field ${quotedName(unknown)}. ${hint}`, meant);
  }
  const allowed = error.keyword === 'enum' ? `: ${(params['allowedValues'] as unknown[]).join(', ')}` : '';
  return new InvalidRequestError(`${where} ${error.message ?? 'is not as documented'}${allowed}.`);
}

/** `request#/$defs/LatencyFixed/properties/ms/type` → `LatencyFixed` */
const schemaOf = (schemaPath: string): string => /\$defs\/(\w+)/.exec(schemaPath)?.[1] ?? schemaPath;
