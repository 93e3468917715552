import { createHmac } from 'node:crypto';

/** Turns a field into a keyed hash: equal fields have equal fingerprints, and nobody can enumerate mobiles without the key. */
export class Fingerprinter {
  readonly #key: Buffer;

  /** @param key 32 random bytes that live no longer than the process */
  constructor(key: Buffer) {
    this.#key = key;
  }

  /** 16 characters (96 bits) of HMAC-SHA256. The label keeps equal values of different fields apart. */
  of(label: string, value: string): string {
    return createHmac('sha256', this.#key).update(label).update('\0').update(value).digest('base64url').slice(0, 16);
  }
}
