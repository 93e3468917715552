import type { IncomingHttpHeaders } from 'node:http';

/** Whether an `Origin` header names the very host that was called. */
export function isSameOrigin(origin: string, host: string): boolean {
  return URL.canParse(origin) && new URL(origin).host === host.toLowerCase();
}

/** Whether a browser says that the page of another site sent the request. Programs send neither header. */
export function isCrossSite(headers: IncomingHttpHeaders): boolean {
  const { origin, host = '' } = headers;
  const site = headers['sec-fetch-site'];
  return (origin !== undefined && !isSameOrigin(origin, host)) || site === 'cross-site' || site === 'same-site';
}
