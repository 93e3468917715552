import type { IncomingMessage, ServerResponse } from 'node:http';
import { whenOver } from '../wire/when-over.js';
import type { AdminContext } from './admin.context.js';

/** Whether a request target belongs to the admin API, its document or the page. */
export function isAdminPath(target: string): boolean {
  const [path = ''] = target.split('?', 1);
  return path === '/' || path === '/openapi.json' || path.startsWith('/__admin') || path.startsWith('/__page/');
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** The most requests that are answered at one time: one may wait for a minute, and replies can be long. */
const MAX_OPEN = 256;

const TOO_BUSY = JSON.stringify({
  error: { code: 'too_busy', message: 'Too many admin requests are being answered at one time. Try again.' },
});

/**
 * Opens the admin API when it is first asked for. Loading Express takes longer than everything else at the start, and
 * most runs in a pipeline never need it.
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
