import type { IncomingMessage, ServerResponse } from 'node:http';
import { PROBLEM_MEDIA_TYPE, type ProblemDetails } from '@identity-verify/nestjs';

/** Under which hosts the application may be called. */
export interface ForeignRequestSettings {
  /** Address that is listened on. */
  readonly host: string;
  /** Further hosts, in lower case: `name` with any port, or `name:port`. */
  readonly allowedHosts: readonly string[];
}

type Middleware = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** Probes call a container by its address, and learn nothing but that it lives. */
const PROBES = /^\/health\/(?:live|ready)(?:\?|$)/;

/**
 * Refuses what the page of another site has sent, before anything is read, asked or paid (403). Such a page may bind its own
 * name to this machine (DNS rebinding): then the browser takes it for the same origin, and only Host tells. Programs send
 * neither Origin nor Sec-Fetch-Site, and are not affected by those.
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

/** A target in absolute form has a host of its own, which comes before the header (RFC 9112, 3.2.2). */
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
  // Following a link to a page is no misuse.
  return !((method === 'GET' || method === 'HEAD') && headers['sec-fetch-mode'] === 'navigate');
}

/** Whether an origin is the host that was called. Its scheme says which port may be left out. */
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
