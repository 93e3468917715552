import type { IncomingHttpHeaders } from 'node:http';

/** Returns true if an `Origin` header names the called host. */
export function isSameOrigin(origin: string, host: string): boolean {
  return URL.canParse(origin) && new URL(origin).host === host.toLowerCase();
}

/** Returns true if a browser reports that another site sent the request. Programs send neither header. */
export function isCrossSite(headers: IncomingHttpHeaders): boolean {
  const { origin, host = '' } = headers;
  const site = headers['sec-fetch-site'];
  return (origin !== undefined && !isSameOrigin(origin, host)) || site === 'cross-site' || site === 'same-site';
}
