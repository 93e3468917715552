import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createHmac } from 'node:crypto';
import { HmacSha256 } from './hmac-sha256.js';

describe('HmacSha256', () => {
  it('gives the bytes of createHmac for secrets of every length, and texts of every length and script', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 80 }),
      fc.string({ unit: 'grapheme', maxLength: 400 }),
      fc.string({ unit: fc.constantFrom('测', '\u{20000}', 'é', '\ud800', 'a'), minLength: 200, maxLength: 2_000 }),
    );
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }),
        fc.array(text, { minLength: 1, maxLength: 4 }),
        (secret, texts) => {
          const hmac = new HmacSha256(secret);
          expect(texts.map((one) => hmac.base64(one))).toEqual(
            texts.map((one) => createHmac('sha256', secret).update(one).digest('base64')),
          );
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
