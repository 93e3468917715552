import { randomBytes } from 'node:crypto';
import type { Identity } from '../identity/identity.check.js';
import { HmacSha256 } from './hmac-sha256.js';

/** A secret that keys the ledger's entries. `kid` is its name, and part of each key. */
export interface Pepper {
  /** 1 to 16 characters of `[A-Za-z0-9_-]`. */
  readonly kid: string;
  /** At least 32 characters. */
  readonly secret: string;
}

/**
 * Makes ledger keys: `v1.<kid>.` followed by an HMAC-SHA256. An HMAC, because the bare hashes of all mobiles or ID
 * numbers can be enumerated within an hour. Each field is prefixed with its length, because `ab`+`c` must not equal
 * `a`+`bc`.
 *
 * The domain of a message is its first letter: a question, an ID number, a mobile, or the seal of an entry.
 *
 * The first pepper writes. The others only read entries written before a rotation.
 */
export class LedgerKeys {
  readonly #peppers: readonly { readonly prefix: string; readonly hmac: HmacSha256 }[];

  constructor(peppers: readonly Pepper[]) {
    this.#peppers = peppers.map(({ kid, secret }) => ({
      prefix: `v1.${kid}.`,
      hmac: new HmacSha256(Buffer.from(secret, 'utf8')),
    }));
  }

  /** Makes a pepper for this process. Its entries cannot be found after a restart or by another process. */
  static ephemeralPepper(): Pepper {
    return { kid: 'tmp', secret: randomBytes(32).toString('base64url') };
  }

  /** The keys of the question, current pepper first. */
  question(scope: string, { name, idCard, mobile }: Identity): string[] {
    return this.#all('q', [scope, name, idCard, mobile]);
  }

  /** The keys of the ID number, current pepper first. */
  idNumber(scope: string, idCard: string): string[] {
    return this.#all('i', [scope, idCard]);
  }

  /** The keys of the mobile, current pepper first. */
  mobile(scope: string, mobile: string): string[] {
    return this.#all('m', [scope, mobile]);
  }

  /** Authenticates fields of an entry under the pepper that made its key. Undefined if none of these did. */
  seal(key: string, fields: readonly string[]): string | undefined {
    const pepper = this.#peppers.find(({ prefix }) => key.startsWith(prefix));
    return pepper?.hmac.base64(messageOf('s', [key, ...fields]));
  }

  #all(domain: string, fields: readonly string[]): string[] {
    const message = messageOf(domain, fields);
    return this.#peppers.map(({ prefix, hmac }) => prefix + hmac.base64(message));
  }
}

function messageOf(domain: string, fields: readonly string[]): string {
  let message = domain;
  for (const field of fields) message += `${Buffer.byteLength(field)}:${field}`;
  return message;
}
