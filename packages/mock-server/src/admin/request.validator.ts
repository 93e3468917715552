import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { nearest } from '../text/nearest.js';
import { quotedName } from '../text/quoted-name.js';
import { REQUEST_SCHEMAS, type SchemaName } from './schemas.js';

/** A request body is not what the document promises to take. */
export class InvalidRequestError extends Error {
  override readonly name = 'InvalidRequestError';

  constructor(
    message: string,
    /** Fields that were probably meant. */
    readonly nearest?: readonly string[],
  ) {
    super(message);
  }
}

/**
 * The longest body of which every error is collected, in bytes, so that the one that tells most can be chosen. A long list
 * in which everything is wrong would have millions of them.
 */
const EXPLAINED_BYTES = 4 * 1024;

/** Validates request bodies by the very schemas that the OpenAPI document shows. */
export class RequestValidator {
  readonly #untilFirstError = new SchemaSet(false);
  readonly #withAllErrors = new SchemaSet(true);

  /**
   * @param bytes length of the body as it came
   * @throws InvalidRequestError that names the field and the rule, and for an unknown field the nearest
   */
  check(schema: SchemaName, body: unknown, bytes: number): void {
    const validate = (bytes > EXPLAINED_BYTES ? this.#untilFirstError : this.#withAllErrors).of(schema);
    if (!validate(body)) throw toError(validate.errors ?? []);
  }
}

/** The schemas, compiled when they are first needed. */
class SchemaSet {
  readonly #ajv: Ajv2020;
  readonly #compiled = new Map<SchemaName, ValidateFunction>();

  constructor(allErrors: boolean) {
    // Values are never part of a message: a body may hold an identity.
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
 * The one error that tells most. Where one of several kinds was allowed, only what is wrong within the kind that was
 * named matters; when none of them was named, the kinds that there are.
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
