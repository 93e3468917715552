import { createHash, timingSafeEqual } from 'node:crypto';

/** An AppKey with its secret. */
export interface AppCredential {
  readonly appKey: string;
  readonly appSecret: string;
}

/**
 * The secret of an AppKey when no list of apps is given: every AppKey is accepted, each with the secret that follows
 * from it, so that parallel workers can invent their own.
 */
export function defaultAppSecret(appKey: string): string {
  return `${appKey}-secret`;
}

/** Which credentials count. */
export class CredentialStore {
  readonly #codes: readonly Buffer[] | undefined;
  readonly #secrets: ReadonlyMap<string, string> | undefined;

  /** Whatever list is not given admits everybody. */
  constructor(appCodes: readonly string[] | undefined, apps: readonly AppCredential[] | undefined) {
    this.#codes = appCodes?.map(digest);
    this.#secrets = apps && new Map(apps.map(({ appKey, appSecret }) => [appKey, appSecret]));
  }

  /** Whether an AppCode, or the `key` of the direct channel, is admitted. Takes the same time for every wrong one. */
  admits(code: string): boolean {
    if (!this.#codes) return true;
    const presented = digest(code);
    let admitted = false;
    for (const known of this.#codes) admitted = timingSafeEqual(known, presented) || admitted;
    return admitted;
  }

  /** The secret of an AppKey, undefined when there is no such key. */
  secretOf(appKey: string): string | undefined {
    return this.#secrets ? this.#secrets.get(appKey) : defaultAppSecret(appKey);
  }
}

/** Digests have one length, which is what a comparison in constant time asks for. */
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
