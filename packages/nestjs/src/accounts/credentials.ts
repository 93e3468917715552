import { Sealed } from '../support/sealed.js';

/** A secret, or a function that gives the current one, for rotation without a restart. */
export type SecretSource = string | (() => string | PromiseLike<string>);

/** The three channels by which the API is sold. */
export type Credentials =
  /** `Authorization: APPCODE …` of the cloud market. */
  | { readonly appCode: SecretSource }
  /** AppKey and AppSecret of the gateway: each request is signed. */
  | { readonly appKey: SecretSource; readonly appSecret: SecretSource }
  /** Form field `key` of the direct channel. */
  | { readonly key: SecretSource };

/** The credentials of one request. */
export type ResolvedCredentials =
  | { readonly kind: 'app_code'; readonly appCode: Sealed<string> }
  | { readonly kind: 'signature'; readonly appKey: Sealed<string>; readonly appSecret: Sealed<string> }
  | { readonly kind: 'key'; readonly key: Sealed<string> };

/** Printable ASCII without spaces: anything else would be changed silently, or open a header to injection. */
const CREDENTIAL_PATTERN = /^[\x21-\x7e]{1,512}$/;

const SHAPES = [['appCode'], ['appKey', 'appSecret'], ['key']];

/** Every part that credentials can have. */
export const CREDENTIAL_PARTS: readonly string[] = SHAPES.flat();

/**
 * The name of the part that is wrong, or '' when the credentials are none of the three kinds. A function is taken as it
 * is; what it returns is checked when it is asked.
 */
export function brokenCredential(credentials: object): string | undefined {
  const given = new Map<string, unknown>(Object.entries(credentials));
  const shape = SHAPES.find((names) => names.length === given.size && names.every((name) => given.has(name)));
  return shape ? shape.find((name) => typeof given.get(name) !== 'function' && !isCredential(given.get(name))) : '';
}

function isCredential(value: unknown): value is string {
  return typeof value === 'string' && CREDENTIAL_PATTERN.test(value);
}

/**
 * Resolves credentials once per call. Holds them where nothing prints them.
 */
export class CredentialSource {
  readonly #credentials: Credentials;
  /** Of credentials without a function. */
  #fixed: ResolvedCredentials | undefined;

  constructor(credentials: Credentials) {
    this.#credentials = credentials;
  }

  /**
   * Returns no promise once credentials without a function are known to be valid. Rejects with a TypeError when a
   * function gives what cannot be a credential; the message does not hold it.
   */
  resolve(): ResolvedCredentials | Promise<ResolvedCredentials> {
    return this.#fixed ?? this.#resolve();
  }

  async #resolve(): Promise<ResolvedCredentials> {
    const resolved = await this.#read();
    if (Object.values(this.#credentials).every((part) => typeof part === 'string')) this.#fixed = resolved;
    return resolved;
  }

  async #read(): Promise<ResolvedCredentials> {
    const given = this.#credentials;
    if ('appCode' in given) return { kind: 'app_code', appCode: await secretOf(given.appCode) };
    if ('key' in given) return { kind: 'key', key: await secretOf(given.key) };
    const [appKey, appSecret] = await Promise.all([secretOf(given.appKey), secretOf(given.appSecret)]);
    return { kind: 'signature', appKey, appSecret };
  }
}

async function secretOf(source: SecretSource): Promise<Sealed<string>> {
  const value: unknown = typeof source === 'function' ? await source() : source;
  if (!isCredential(value)) {
    throw new TypeError('A credential must be 1 to 512 printable ASCII characters without spaces.');
  }
  return new Sealed(value);
}
