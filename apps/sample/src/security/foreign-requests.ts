import type { IncomingMessage, ServerResponse } from 'node:http';
import { PROBLEM_MEDIA_TYPE, type ProblemDetails } from '@identity-verify/nestjs';

/** The hosts under which the application may be called. */
export interface ForeignRequestSettings {
  /** The listening address. */
  readonly host: string;
  /** Additional hosts, in lower case: `name` with any port, or `name:port`. */
  readonly allowedHosts: readonly string[];
}

type Middleware = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** Health probes call a container by its address. Their replies contain no sensitive data. */
const PROBES = /^\/health\/(?:live|ready)(?:\?|$)/;

/**
 * Refuses requests that the page of another site sends (403), before any of it is read or paid for. Such a page can
 * bind its own name to this machine (DNS rebinding); the browser then treats it as the same origin, and only Host
 * reveals it. Programs send neither Origin nor Sec-Fetch-Site.
 */
export function refuseForeignRequests(settings: ForeignRequestSettings): Middleware {
  return (request, response, next) => {
    if (PROBES.test(request.url ?? '')) {
      next();
      return;
    }
    const host = hostOf(request);
    if (!isOurs(host, request.socket.localPort, settings)) {
      refuse(response, 'The application is not called by this Host. SAMPLE_ALLOWED_HOSTS names further ones.');
    } else if (isFromAnotherSite(request, host)) {
      refuse(response, 'The page of another site may not use this application.');
    } else {
      next();
    }
  };
}

/** A target in absolute form contains a host, which takes precedence over the header (RFC 9112, 3.2.2). */
function hostOf({ url = '', headers }: IncomingMessage): string {
  const host = url.startsWith('/') ? headers.host : /^https?:\/\/([^/?#]*)/i.exec(url)?.[1];
  return (host ?? '').toLowerCase();
}

function isOurs(host: string, localPort: number | undefined, settings: ForeignRequestSettings): boolean {
  const [, name = '', port = '80'] = /^(\[[^\]]*\]|[^:]*)(?::(\d{1,5}))?$/.exec(host) ?? [];
  if (name === '') return false;
  if (settings.allowedHosts.some((allowed) => allowed === name || allowed === host)) return true;
  return Number(port) === localPort && (LOOPBACK.test(name) || name.replace(/^\[|\]$/g, '') === settings.host);
}

function isFromAnotherSite({ method, headers }: IncomingMessage, host: string): boolean {
  const { origin } = headers;
  if (origin !== undefined) return !isSameOrigin(origin, host);
  const site = headers['sec-fetch-site'] ?? 'none';
  if (site === 'same-origin' || site === 'none') return false;
  // A link to the page from another site is allowed.
  return !((method === 'GET' || method === 'HEAD') && headers['sec-fetch-mode'] === 'navigate');
}

/** Returns true if an origin is the called host. The scheme determines which port may be omitted. */
function isSameOrigin(origin: string, host: string): boolean {
  if (!URL.canParse(origin)) return false;
  const page = new URL(origin);
  const called = `${page.protocol}//${host}`;
  return URL.canParse(called) && page.host !== '' && page.host === new URL(called).host;
}

function refuse(response: ServerResponse, detail: string): void {
  const problem: ProblemDetails = { type: 'about:blank', title: 'Forbidden', status: 403, detail };
  response.writeHead(403, { 'Content-Type': PROBLEM_MEDIA_TYPE });
  response.end(JSON.stringify(problem));
}
