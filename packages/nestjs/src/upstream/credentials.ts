import { inspect } from 'node:util';

/** A secret, or a function that gives the current one, for rotation without a restart. */
export type SecretSource = string | (() => string | Promise<string>);

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
  | { readonly kind: 'app_code'; readonly appCode: Secret }
  | { readonly kind: 'signature'; readonly appKey: Secret; readonly appSecret: Secret }
  | { readonly kind: 'key'; readonly key: Secret };

/** Printable ASCII without spaces: anything else would be changed silently, or open a header to injection. */
export const CREDENTIAL_PATTERN = /^[\x21-\x7e]{1,512}$/;

/** A string that no log, no JSON and no inspector shows. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The secret itself. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  [inspect.custom](): string {
    return '[secret]';
  }
}

/**
 * Resolves credentials once per call. Holds them where nothing prints them.
 */
export class CredentialSource {
  readonly #credentials: Credentials;

  constructor(credentials: Credentials) {
    this.#credentials = credentials;
  }

  /** @throws {TypeError} when a function gives what cannot be a credential; the message does not hold it */
  async resolve(): Promise<ResolvedCredentials> {
    const given = this.#credentials;
    if ('appCode' in given) return { kind: 'app_code', appCode: await secretOf(given.appCode) };
    if ('key' in given) return { kind: 'key', key: await secretOf(given.key) };
    const [appKey, appSecret] = await Promise.all([secretOf(given.appKey), secretOf(given.appSecret)]);
    return { kind: 'signature', appKey, appSecret };
  }
}

async function secretOf(source: SecretSource): Promise<Secret> {
  const value: unknown = typeof source === 'function' ? await source() : source;
  if (typeof value !== 'string' || !CREDENTIAL_PATTERN.test(value)) {
    throw new TypeError('A credential must be 1 to 512 printable ASCII characters without spaces.');
  }
  return new Secret(value);
}
