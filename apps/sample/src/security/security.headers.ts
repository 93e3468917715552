import helmet from 'helmet';
import type { IncomingMessage, ServerResponse } from 'node:http';

type Middleware = (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void) => void;

const SELF = ["'self'"];

/** No external and no inline content. */
const STRICT = {
  defaultSrc: ["'none'"],
  scriptSrc: SELF,
  styleSrc: SELF,
  imgSrc: SELF,
  connectSrc: SELF,
  formAction: SELF,
  baseUri: ["'none'"],
  frameAncestors: ["'none'"],
};

const headersWith = (directives: Record<string, string[]>): Middleware =>
  helmet({
    contentSecurityPolicy: { useDefaults: false, directives },
    // The sample serves plain HTTP on loopback. Set HSTS in the proxy that terminates TLS.
    strictTransportSecurity: false,
    referrerPolicy: { policy: 'no-referrer' },
  });

/** Sets the security headers. Swagger's page has its own policy, because it uses inline styles. */
export function securityHeaders(): Middleware {
  const strict = headersWith(STRICT);
  const forDocs = headersWith({
    ...STRICT,
    styleSrc: [...SELF, "'unsafe-inline'"],
    imgSrc: [...SELF, 'data:'],
  });
  return (request, response, next) =>
    (request.url?.startsWith('/docs') === true ? forDocs : strict)(request, response, next);
}
