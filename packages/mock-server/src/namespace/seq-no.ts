import { createHash } from 'node:crypto';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/**
 * Call numbers in the shape of the vendor's: eight of `[0-9A-Z]`, then ten digits. The letters come from the credential,
 * the digits count: unique over all namespaces, and the same in every run.
 */
export class SeqNoCounter {
  readonly #prefix: string;
  #count = 0;

  constructor(seed: string) {
    const digest = createHash('sha256').update(`seqNo\0${seed}`).digest();
    this.#prefix = Array.from(digest.subarray(0, 8), (byte) => ALPHABET[byte % ALPHABET.length]).join('');
  }

  next(): string {
    return this.#prefix + String(++this.#count).padStart(10, '0');
  }

  reset(): void {
    this.#count = 0;
  }
}
