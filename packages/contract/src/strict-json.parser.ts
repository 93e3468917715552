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

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\]]/g;
const COLON_FOLLOWS = /\s*:/y;

/** Scans the strings, braces and brackets of valid JSON. */
function findFault(text: string): Exclude<JsonFault, 'not_utf8' | 'not_json'> | undefined {
  const open: Set<string>[] = [];
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    if (token === '{' || token === '[') {
      if (open.push(new Set()) > MAX_DEPTH) return 'too_deep';
    } else if (token === '}' || token === ']') {
      open.pop();
    } else {
      COLON_FOLLOWS.lastIndex = index + token.length;
      if (!COLON_FOLLOWS.test(text)) continue;
      // Decoded, so that an escaped spelling of a key is the same key.
      const key = token.includes('\\') ? String(JSON.parse(token)) : token.slice(1, -1);
      if (key === '__proto__') return 'proto_key';
      const keys = open.at(-1);
      if (keys?.has(key)) return 'duplicate_key';
      keys?.add(key);
    }
  }
  return undefined;
}
