import { createHash } from 'node:crypto';

/** A seeded random number generator (sfc32). The same seed gives the same sequence. Not for secrets. */
export class SeededRandom {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(seed: string) {
    const digest = createHash('sha256').update(seed).digest();
    this.#a = digest.readUInt32LE(0);
    this.#b = digest.readUInt32LE(4);
    this.#c = digest.readUInt32LE(8);
    for (let i = 0; i < 12; i++) this.uint32();
  }

  /** An integer from 0 to 2³² − 1. */
  uint32(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum;
    return sum >>> 0;
  }

  /** A number from 0 (inclusive) to 1 (exclusive). */
  fraction(): number {
    return this.uint32() / 4_294_967_296;
  }

  /** A sample of the standard normal distribution. */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.fraction()));
    return radius * Math.cos(2 * Math.PI * this.fraction());
  }

  /** An upper-case UUID, the format of the gateway's request ids. */
  requestId(): string {
    for (let group = 0; group < 4; group++) {
      const number = this.uint32();
      for (let digit = 0; digit < 8; digit++) {
        const value = (number >>> (28 - 4 * digit)) & 15;
        UUID[UUID_DIGITS[group * 8 + digit] ?? 0] = HEX.charCodeAt(value);
      }
    }
    UUID[14] = HEX.charCodeAt(4);
    UUID[19] = HEX.charCodeAt(10);
    return UUID.toString('latin1');
  }
}

const HEX = '0123456789ABCDEF';

/**
 * Decodes the id from bytes to get a flat string. A concatenated string would remain a tree of a dozen strings in the
 * journal, and the garbage collector would visit each of them.
 */
const UUID = Buffer.from('00000000-0000-4000-A000-000000000000', 'latin1');

/** The positions of the 32 digits. */
const UUID_DIGITS = [...UUID.keys()].filter((position) => UUID[position] !== 0x2d);
