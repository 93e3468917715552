import type { IncomingMessage } from 'node:http';

/**
 * `http://host:port/path?query`, as sent to a proxy. User information is not allowed, because it can disguise the host.
 */
const ABSOLUTE = /^https?:\/\/([^/?#@\s]+)(\/[^#]*|\?[^#]*)?$/i;

/**
 * Converts a target in absolute form into its path. Its host then replaces the Host header (RFC 9112, 3.2.2). Other
 * forms are unchanged.
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
