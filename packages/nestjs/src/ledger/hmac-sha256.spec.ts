import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createHmac } from 'node:crypto';
import { HmacSha256 } from './hmac-sha256.js';

const reference = (secret: Uint8Array, text: string): string =>
  createHmac('sha256', secret).update(text).digest('base64');

describe('HmacSha256', () => {
  // A block of SHA-256 has 64 bytes; the scratch buffer takes texts of (1,024 - 64) / 3 = 320 units.
  const secrets = [0, 1, 63, 64, 65, 128, 200].map((length) => Uint8Array.from({ length }, (_, at) => at + 1));
  const texts = [0, 1, 319, 320, 321, 2_000].map((length) => '测'.repeat(length));

  it.each(secrets.map((secret) => ({ secret, length: secret.length })))(
    'gives the bytes of createHmac for a secret of $length bytes',
    ({ secret }) => {
      const hmac = new HmacSha256(secret);
      for (const text of texts) expect(hmac.base64(text)).toBe(reference(secret, text));
    },
  );

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
          expect(texts.map((one) => hmac.base64(one))).toEqual(texts.map((one) => reference(secret, one)));
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
