/** The reason for which a text is not acceptable JSON. */
export type JsonFault = 'not_utf8' | 'not_json' | 'too_deep' | 'duplicate_key' | 'proto_key';

export type StrictJson =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly fault: JsonFault };

// `ignoreBOM: true` keeps a byte order mark in the text, so that JSON.parse refuses it. The default removes it
// silently.
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Parses bytes as JSON, and refuses input that `JSON.parse` or a decoder accepts silently: bytes that are not UTF-8, a
 * byte order mark, nesting beyond {@link MAX_DEPTH}, a duplicate key in an object (the last one would win), and the key
 * `__proto__`.
 *
 * Never throws. Takes linear time; limit the size of the input first.
 */
export function parseStrictJson(bytes: Uint8Array): StrictJson {
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    return { ok: false, fault: 'not_utf8' };
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { ok: false, fault: 'not_json' };
  }
  const fault = findFault(text);
  return fault ? { ok: false, fault } : { ok: true, value };
}

/** Maximum nesting. The documented reply has two levels. */
const MAX_DEPTH = 32;

const [QUOTE, BACKSLASH, COLON, OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET] = Array.from('"\\:{}[]', (char) =>
  char.charCodeAt(0),
);

/** Scans the strings, braces and brackets of valid JSON, character by character: no token is made of most of them. */
function findFault(text: string): Exclude<JsonFault, 'not_utf8' | 'not_json'> | undefined {
  /** The keys of each object or array that is open. */
  const open: (Set<string> | undefined)[] = [];
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if (char === OPEN_BRACE || char === OPEN_BRACKET) {
      if (open.push(undefined) > MAX_DEPTH) return 'too_deep';
    } else if (char === CLOSE_BRACE || char === CLOSE_BRACKET) {
      open.pop();
    } else if (char === QUOTE) {
      const begin = at;
      at = endOfString(text, begin);
      if (!isColonNext(text, at + 1)) continue;
      const written = text.slice(begin + 1, at);
      // Decoded, so that an escaped spelling of a key is the same key.
      const key = written.includes('\\') ? String(JSON.parse(`"${written}"`)) : written;
      if (key === '__proto__') return 'proto_key';
      const keys = (open[open.length - 1] ??= new Set());
      if (keys.has(key)) return 'duplicate_key';
      keys.add(key);
    }
  }
  return undefined;
}

/** Returns where the string that begins with the quote at `begin` has its other quote. */
function endOfString(text: string, begin: number): number {
  let at = begin + 1;
  for (let char = text.charCodeAt(at); char !== QUOTE; char = text.charCodeAt(at)) at += char === BACKSLASH ? 2 : 1;
  return at;
}

/** Returns whether a colon follows, after white space of JSON. */
function isColonNext(text: string, from: number): boolean {
  let at = from;
  while (text.charCodeAt(at) <= 0x20) at++;
  return text.charCodeAt(at) === COLON;
}
