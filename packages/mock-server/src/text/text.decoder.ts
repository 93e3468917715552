/** The bytes are not text in a supported encoding. */
export class TextEncodingError extends Error {
  override readonly name = 'TextEncodingError';
}

/** The byte order marks and their encodings. */
const MARKS = [
  { bytes: [0xef, 0xbb, 0xbf], encoding: 'utf-8' },
  { bytes: [0xff, 0xfe], encoding: 'utf-16le' },
  { bytes: [0xfe, 0xff], encoding: 'utf-16be' },
] as const;

/** Excel in China writes CSV in GB18030 or its subset GBK, without a mark. */
const UNMARKED = ['utf-8', 'gb18030'] as const;

/** A text and its encoding. */
export interface DecodedText {
  readonly text: string;
  readonly encoding: 'utf-8' | 'utf-16le' | 'utf-16be' | 'gb18030';
}

/**
 * Decodes a text file: by its byte order mark, as UTF-8 if valid, else as GB18030. Never inserts replacement
 * characters.
 *
 * @throws TextEncodingError if the bytes are invalid in all of them
 */
export function decodeText(bytes: Uint8Array): DecodedText {
  const mark = MARKS.find((each) => each.bytes.every((byte, index) => bytes[index] === byte));
  for (const encoding of mark ? [mark.encoding] : UNMARKED) {
    try {
      const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
      // Text contains no NUL. UTF-16 without a mark contains many.
      if (!text.includes('\0')) return { text, encoding };
    } catch {
      // Try the next encoding.
    }
  }
  throw new TextEncodingError('The bytes are neither UTF-8 nor GB18030, nor UTF-16 with a byte order mark.');
}
