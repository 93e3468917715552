import type { IncomingMessage } from 'node:http';

/** `http://host:port/path?query`, as clients write it to a proxy. No user name: that would be another host's look. */
const ABSOLUTE = /^https?:\/\/([^/?#@\s]+)(\/[^#]*|\?[^#]*)?$/i;

/**
 * Turns a target in absolute form, as a proxy passes it on, into the path that it means. Its host then counts in place of
 * the Host header (RFC 9112, 3.2.2). Every other form stays as it is.
 */
export function toOriginForm(request: IncomingMessage): string {
  const { url = '' } = request;
  if (url.startsWith('/')) return url;
  const [, authority, rest = '/'] = ABSOLUTE.exec(url) ?? [];
  if (authority === undefined) return url;
  const target = rest.startsWith('?') ? `/${rest}` : rest;
  request.url = target;
  request.headers.host = authority;
  return target;
}
