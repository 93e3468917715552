import type { Logger } from 'pino';
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

type RoutedRequest = IncomingMessage & { readonly route?: { readonly path?: unknown } };

/**
 * One line a request, when it has been answered: the route as it is declared, never the address as it was typed, which may
 * hold what a person entered. No headers, no body, no address of the caller.
 */
export function requestLog(logger: Logger) {
  return (request: RoutedRequest, response: ServerResponse, next: () => void): void => {
    const id = randomUUID();
    const started = performance.now();
    response.setHeader('X-Request-Id', id);
    response.once('close', () => {
      const route = typeof request.route?.path === 'string' ? request.route.path : null;
      const ms = Math.round((performance.now() - started) * 10) / 10;
      const finished = response.writableFinished;
      logger.info({ msg: 'request', id, method: request.method, route, status: response.statusCode, ms, finished });
    });
    next();
  };
}
