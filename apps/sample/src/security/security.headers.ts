import helmet from 'helmet';
import type { IncomingMessage, ServerResponse } from 'node:http';

type Middleware = (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void) => void;

const SELF = ["'self'"];

/** Nothing from elsewhere, nothing inline. */
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
    // The sample listens on plain http on loopback; whoever puts TLS in front sets this there.
    strictTransportSecurity: false,
    referrerPolicy: { policy: 'no-referrer' },
  });

/** Security headers; the page of Swagger, which styles itself inline, has a policy of its own. */
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
