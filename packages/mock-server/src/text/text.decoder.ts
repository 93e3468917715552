/** Bytes that are no text in any encoding that is known here. */
export class TextEncodingError extends Error {
  override readonly name = 'TextEncodingError';
}

/** Byte order marks, and what they say. */
const MARKS = [
  { bytes: [0xef, 0xbb, 0xbf], encoding: 'utf-8' },
  { bytes: [0xff, 0xfe], encoding: 'utf-16le' },
  { bytes: [0xfe, 0xff], encoding: 'utf-16be' },
] as const;

/** Excel in China writes CSV in GB18030 (or GBK, a part of it) and says so nowhere. */
const UNMARKED = ['utf-8', 'gb18030'] as const;

/** A text, and the encoding that it was read in. */
export interface DecodedText {
  readonly text: string;
  readonly encoding: 'utf-8' | 'utf-16le' | 'utf-16be' | 'gb18030';
}

/**
 * Decodes a text file: by its byte order mark, else as UTF-8 when it is, else as GB18030. Never with replacement
 * characters.
 *
 * @throws TextEncodingError when it is none of them
 */
export function decodeText(bytes: Uint8Array): DecodedText {
  const mark = MARKS.find((each) => each.bytes.every((byte, index) => bytes[index] === byte));
  for (const encoding of mark ? [mark.encoding] : UNMARKED) {
    try {
      const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
      // A text has none; UTF-16 without its mark has many.
      if (!text.includes('\0')) return { text, encoding };
    } catch {
      // Not in this one.
    }
  }
  throw new TextEncodingError('The bytes are neither UTF-8 nor GB18030, nor UTF-16 with a byte order mark.');
}
