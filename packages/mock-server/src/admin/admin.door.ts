import type { IncomingMessage, ServerResponse } from 'node:http';
import { whenOver } from '../wire/when-over.js';
import type { AdminContext } from './admin.context.js';

/** Returns true if a request target belongs to the admin API, the OpenAPI document or the page. */
export function isAdminPath(target: string): boolean {
  const [path = ''] = target.split('?', 1);
  return path === '/' || path === '/openapi.json' || path.startsWith('/__admin') || path.startsWith('/__page/');
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** Maximum number of concurrent admin requests. A request can wait for a minute, and replies can be long. */
const MAX_OPEN = 256;

const TOO_BUSY = JSON.stringify({
  error: { code: 'too_busy', message: 'Too many admin requests are being answered at one time. Try again.' },
});

/**
 * Loads the admin API on first use. Loading Express takes longer than the rest of the start, and most CI runs never
 * need it.
 */
export class AdminDoor {
  readonly #context: AdminContext;
  #app: Promise<Handler> | undefined;
  #open = 0;

  constructor(context: AdminContext) {
    this.#context = context;
  }

  handle(request: IncomingMessage, response: ServerResponse): void {
    if (this.#open >= MAX_OPEN) {
      response.writeHead(503, { 'Content-Type': 'application/json', 'Content-Length': TOO_BUSY.length }).end(TOO_BUSY);
      return;
    }
    this.#open++;
    whenOver(response, request.socket, () => this.#open--);
    this.#app ??= import('./admin.app.js').then(({ createAdminApp }) => createAdminApp(this.#context) as Handler);
    this.#app.then(
      (app) => app(request, response),
      () => response.writeHead(500).end(),
    );
  }
}
