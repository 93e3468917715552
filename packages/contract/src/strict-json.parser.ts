/** Why a text is not the JSON that was promised. */
export type JsonFault = 'not_utf8' | 'not_json' | 'too_deep' | 'duplicate_key' | 'proto_key';

export type StrictJson =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly fault: JsonFault };

// `ignoreBOM: true` keeps the byte order mark in the text, where JSON.parse refuses it; the default strips it silently.
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Parses bytes as JSON and refuses what `JSON.parse` waves through: bytes that are not UTF-8, a byte order mark,
 * nesting beyond {@link MAX_DEPTH}, a key that stands twice in one object (the last one would win silently), and the
 * key `__proto__`.
 *
 * Never throws. Runs in time linear in the input; bound the input before.
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

/** Deepest nesting that is read; the documented reply has two levels. */
const MAX_DEPTH = 32;

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\]]/g;
const COLON_FOLLOWS = /\s*:/y;

/** Walks the strings, braces and brackets of a text that is known to be valid JSON. */
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
