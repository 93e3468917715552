import type { Logger } from 'pino';
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

type RoutedRequest = IncomingMessage & { readonly route?: { readonly path?: unknown } };

/** What the page asks every second. Logged at `debug`, so that questions stay in sight. */
const POLLED = new Set(['/status', '/status/answers', '/playground/mock']);
/** Files of the pages have an ending; no route has one. */
const ASSET = /\.\w+$/;

/**
 * Logs one line for each finished request. It contains the route pattern instead of the URL, which may contain personal
 * data, and no headers, body or client address.
 */
export function requestLog(logger: Logger) {
  return (request: RoutedRequest, response: ServerResponse, next: () => void): void => {
    const id = randomUUID();
    const started = performance.now();
    const [path = ''] = (request.url ?? '').split('?', 1);
    response.setHeader('X-Request-Id', id);
    response.once('close', () => {
      const route = typeof request.route?.path === 'string' ? request.route.path : null;
      const ms = Math.round((performance.now() - started) * 10) / 10;
      const finished = response.writableFinished;
      const isNoise = request.method === 'GET' && response.statusCode < 400 && (POLLED.has(path) || ASSET.test(path));
      const line = { msg: 'request', id, method: request.method, route, status: response.statusCode, ms, finished };
      if (isNoise) logger.debug(line);
      else logger.info(line);
    });
    next();
  };
}
