import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import { PAGE_ASSETS } from '../page/page.assets.js';
import { nearest } from '../text/nearest.js';
import { whenOver } from '../wire/when-over.js';
import { guardHostAndOrigin } from './access.guard.js';
import type { AdminContext } from './admin.context.js';
import { JsonBodyReader } from './json-body.reader.js';
import { openApiDocument } from './openapi.document.js';
import { runOperation, toAdminError } from './operation.runner.js';
import { ADMIN_OPERATIONS } from './operations.js';
import { AdminError } from './operation.types.js';
import { RequestValidator } from './request.validator.js';

/** The content security policy of the page: resources come from this server only. */
const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/**
 * The Express application for everything except the data route: admin API, OpenAPI document and page. Built on first
 * use.
 */
export function createAdminApp(context: AdminContext): Express {
  const app = express();
  app.disable('x-powered-by').disable('etag');
  app.use(protect(context));

  for (const { path, type, body } of PAGE_ASSETS) {
    app.get(path, (_request, response) => {
      response.set({ 'Content-Type': type, 'Content-Security-Policy': PAGE_POLICY }).send(body);
    });
  }
  app.get('/openapi.json', (_request, response) => {
    response.json(openApiDocument(context.url()));
  });

  const bodies = new JsonBodyReader();
  const validator = new RequestValidator();
  for (const operation of ADMIN_OPERATIONS) {
    app[operation.method](operation.path, async (request, response) => {
      const gone = new AbortController();
      whenOver(response, request.socket, () => gone.abort());
      const reply = await runOperation(operation, request, { context, bodies, validator, signal: gone.signal });
      response.status(operation.status ?? 200);
      if (operation.reply === 'text/plain')
        response.type('text/plain; version=0.0.4; charset=utf-8').send(String(reply));
      else response.json(reply);
    });
  }
  app.use(notFound);
  app.use(answerError);
  return app;
}

function protect(context: AdminContext): RequestHandler {
  return (request, response, next) => {
    response.set({
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
      'Cross-Origin-Resource-Policy': 'same-origin',
    });
    guardHostAndOrigin(request, context);
    next();
  };
}

const notFound: RequestHandler = (request) => {
  const path = request.path;
  const methods = ADMIN_OPERATIONS.filter((operation) => operation.path === path).map(({ method }) =>
    method.toUpperCase(),
  );
  if (methods.length)
    throw new AdminError(405, 'method_not_allowed', `${path} takes ${[...new Set(methods)].join(', ')}.`);
  const meant = nearest(
    path,
    ADMIN_OPERATIONS.map((operation) => operation.path),
  );
  const hint = meant.length ? ` Did you mean ${meant.join(', ')}?` : ' GET /openapi.json lists what there is.';
  throw new AdminError(404, 'not_found', `There is nothing at this path.${hint}`, meant);
};

// Express recognises an error handler by its four parameters.
const answerError: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  if (response.headersSent) {
    next(error);
    return;
  }
  const { status, code, message, nearest } = toAdminError(error);
  response.status(status).json({ error: { code, message, ...(nearest?.length && { nearest }) } });
};
