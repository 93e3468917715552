import { createHash, hash } from 'node:crypto';

const BLOCK_BYTES = 64;
const DIGEST_BYTES = 32;
/** Longer messages than the scratch buffer holds get a buffer of their own. A question has about 70 bytes. */
const SCRATCH_BYTES = 1_024;
/** Most bytes of one UTF-16 unit in UTF-8. */
const BYTES_PER_UNIT = 3;

const scratch = Buffer.alloc(SCRATCH_BYTES);

/**
 * HMAC-SHA256 (RFC 2104) of short texts under one secret. Two one-shot hashes over prepared blocks take half the time of
 * `createHmac`, which sets up a stream, and give the same bytes.
 */
export class HmacSha256 {
  readonly #inner: Buffer;
  /** The outer block, followed by space for the inner digest. */
  readonly #outer: Buffer;

  constructor(secret: Uint8Array) {
    const key = secret.length > BLOCK_BYTES ? createHash('sha256').update(secret).digest() : secret;
    this.#inner = Buffer.alloc(BLOCK_BYTES, 0x36);
    this.#outer = Buffer.alloc(BLOCK_BYTES + DIGEST_BYTES, 0x5c);
    key.forEach((byte, at) => {
      this.#inner[at]! ^= byte;
      this.#outer[at]! ^= byte;
    });
  }

  /** Returns the digest of a text in UTF-8, in base64. */
  base64(text: string): string {
    const most = BLOCK_BYTES + text.length * BYTES_PER_UNIT;
    const message = most <= SCRATCH_BYTES ? scratch : Buffer.alloc(most);
    message.set(this.#inner);
    const end = BLOCK_BYTES + message.write(text, BLOCK_BYTES);
    const digest = hash('sha256', message.subarray(0, end), 'binary');
    message.fill(0, BLOCK_BYTES, end); // a text names a person
    this.#outer.write(digest, BLOCK_BYTES, 'binary');
    return hash('sha256', this.#outer, 'base64');
  }
}
