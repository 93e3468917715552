import { createHash } from 'node:crypto';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/**
 * Call numbers in the shape of the vendor's: eight of `[0-9A-Z]`, then ten digits. The letters come from the credential,
 * the digits count: unique over all namespaces, and the same for the same seed. A reset of the namespace goes on counting,
 * because a client takes a seqNo that it has seen before for a duplicated reply.
 */
export class SeqNoCounter {
  /** Bytes, read as one flat string: see the request ids. */
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
