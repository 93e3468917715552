import type { WireReply } from '../upstream/transport.port.js';

/** Headers of which Node keeps the first value and drops the others. */
const SINGLE = new Set(
  (
    'age authorization content-length content-type etag expires from host if-modified-since if-unmodified-since ' +
    'last-modified location max-forwards proxy-authorization referer retry-after server user-agent'
  ).split(' '),
);

/** Returns headers as Node gives them: a header that came more than once is dropped or joined. Changes its argument. */
export function asNodeGives(headers: Record<string, string | string[] | undefined>): WireReply['headers'] {
  for (const name in headers) {
    const value = headers[name];
    if (Array.isArray(value)) headers[name] = SINGLE.has(name) ? value[0] : value.join(name === 'cookie' ? '; ' : ', ');
  }
  return headers as WireReply['headers'];
}
