import { isAscii } from 'node:buffer';

/** Decoded parameters. The first value of a name wins. */
export type Params = ReadonlyMap<string, string>;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Parses `application/x-www-form-urlencoded` strictly. Invalid UTF-8 and invalid percent-encoding are errors; they do
 * not become U+FFFD.
 *
 * @returns undefined if the text cannot be decoded
 */
export function parseForm(body: Buffer): Params | undefined {
  if (body.length === 0) return new Map();
  try {
    // A well-formed form is ASCII; percent-encoding represents all other characters.
    return parsePairs(isAscii(body) ? body.toString('latin1') : utf8.decode(body));
  } catch {
    return undefined;
  }
}

/** Parses a query string without its question mark. @returns undefined if it cannot be decoded */
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
