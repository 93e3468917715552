import { createHash, timingSafeEqual } from 'node:crypto';

/** An AppKey with its AppSecret. */
export interface AppCredential {
  readonly appKey: string;
  readonly appSecret: string;
}

/**
 * Derives the AppSecret of an AppKey. Used if no list of apps is configured: then every AppKey is accepted, and
 * parallel workers can choose their own.
 */
export function defaultAppSecret(appKey: string): string {
  return `${appKey}-secret`;
}

/** The accepted credentials. */
export class CredentialStore {
  readonly #codes: readonly Buffer[] | undefined;
  readonly #secrets: ReadonlyMap<string, string> | undefined;

  /** A list that is not given accepts every credential. */
  constructor(appCodes: readonly string[] | undefined, apps: readonly AppCredential[] | undefined) {
    this.#codes = appCodes?.map(digest);
    this.#secrets = apps && new Map(apps.map(({ appKey, appSecret }) => [appKey, appSecret]));
  }

  /**
   * Returns true if an AppCode, or the `key` of the direct channel, is accepted. Takes constant time for wrong codes.
   */
  admits(code: string): boolean {
    if (!this.#codes) return true;
    const presented = digest(code);
    let admitted = false;
    for (const known of this.#codes) admitted = timingSafeEqual(known, presented) || admitted;
    return admitted;
  }

  /** Returns the AppSecret of an AppKey, or undefined if the AppKey is unknown. */
  secretOf(appKey: string): string | undefined {
    return this.#secrets ? this.#secrets.get(appKey) : defaultAppSecret(appKey);
  }
}

/** Comparison in constant time needs inputs of equal length, so it compares digests. */
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
