import { isAscii } from 'node:buffer';

/** Decoded parameters; the first of a name counts. */
export type Params = ReadonlyMap<string, string>;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Parses `application/x-www-form-urlencoded` strictly: bytes that are not UTF-8 and broken percent signs are an error,
 * rather than becoming U+FFFD.
 *
 * @returns undefined when the text cannot be decoded
 */
export function parseForm(body: Buffer): Params | undefined {
  if (body.length === 0) return new Map();
  try {
    // A form as it should be is all ASCII: percent signs carry the rest.
    return parsePairs(isAscii(body) ? body.toString('latin1') : utf8.decode(body));
  } catch {
    return undefined;
  }
}

/** Parses the part of a URL after the question mark, without the question mark; undefined as above. */
export function parseQuery(query: string): Params | undefined {
  try {
    return parsePairs(query);
  } catch {
    return undefined;
  }
}

function parsePairs(text: string): Params {
  const params = new Map<string, string>();
  for (const pair of text.split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const key = decode(equals < 0 ? pair : pair.slice(0, equals));
    if (!params.has(key)) params.set(key, equals < 0 ? '' : decode(pair.slice(equals + 1)));
  }
  return params;
}

function decode(text: string): string {
  return decodeURIComponent(text.includes('+') ? text.replaceAll('+', ' ') : text);
}
