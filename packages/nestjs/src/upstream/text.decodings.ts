const utf8 = new TextDecoder('utf-8');

/** Decodes a text as hexadecimal, base64 and decimal character codes, at every offset where they can begin. */
export function decodings(text: string): readonly string[] {
  const base64 = [text, text.replaceAll(/[^0-9A-Za-z]/g, '')];
  return [
    ...hexBytes(text).map((bytes) => utf8.decode(bytes)),
    ...base64.flatMap((one) => [0, 1, 2, 3].map((at) => utf8.decode(Buffer.from(one.slice(at), 'base64')))),
    ...decimalCodes(text),
  ];
}

/**
 * Decodes the hexadecimal digits of a text as GB 18030, the Chinese national encoding, which a percent-encoded form can
 * use.
 */
export function gb18030Readings(text: string): readonly string[] {
  const bytes = hexBytes(text).filter(({ length }) => length >= 4);
  // Created on demand: a runtime without GB 18030 gets no such replies either.
  return bytes.length === 0 ? [] : bytes.map((some) => new TextDecoder('gb18030').decode(some));
}

function hexBytes(text: string): readonly Buffer[] {
  const digits = text.replaceAll(/[^0-9A-Fa-f]/g, '');
  return [0, 1].map((at) => Buffer.from(digits.slice(at), 'hex'));
}

/** Decodes pairs of digits: `4954` is `16`. */
function decimalCodes(text: string): readonly string[] {
  const digits = text.replaceAll(/\D/g, '');
  return [0, 1].map((at) => digits.slice(at).replaceAll(/\d\d/g, (code) => String.fromCharCode(Number(code))));
}

/** Returns the text without case, width and separators. */
export function compact(text: string): string {
  return text
    .normalize('NFKC')
    .toUpperCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '');
}
