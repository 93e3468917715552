import { createHash } from 'node:crypto';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/**
 * Generates seqNos in the vendor's format: eight of `[0-9A-Z]`, then ten digits. The credential determines the letters,
 * and a counter the digits, so they are unique across namespaces and reproducible with a seed. A reset does not restart
 * the counter, because a client takes a known seqNo for a duplicate reply.
 */
export class SeqNoCounter {
  /** Decoded from bytes to get a flat string, like the request ids. */
  readonly #bytes: Buffer;
  #count = 0;

  constructor(seed: string) {
    const digest = createHash('sha256').update(`seqNo\0${seed}`).digest();
    const prefix = Array.from(digest.subarray(0, PREFIX), (byte) => ALPHABET[byte % ALPHABET.length]).join('');
    this.#bytes = Buffer.from(prefix + '0'.repeat(DIGITS), 'latin1');
  }

  next(): string {
    let rest = ++this.#count;
    for (let position = PREFIX + DIGITS - 1; position >= PREFIX; position--) {
      this.#bytes[position] = ZERO + (rest % 10);
      rest = Math.floor(rest / 10);
    }
    return this.#bytes.toString('latin1');
  }
}

const PREFIX = 8;
const DIGITS = 10;
const ZERO = 0x30;
