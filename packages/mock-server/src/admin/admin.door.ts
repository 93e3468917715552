import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AdminContext } from './admin.context.js';

/** Whether a request target belongs to the admin API, its document or the page. */
export function isAdminPath(target: string): boolean {
  const [path = ''] = target.split('?', 1);
  return path === '/' || path === '/openapi.json' || path.startsWith('/__admin') || path.startsWith('/__page/');
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * Opens the admin API when it is first asked for. Loading Express takes longer than everything else at the start, and
 * most runs in a pipeline never need it.
 */
export class AdminDoor {
  readonly #context: AdminContext;
  #app: Promise<Handler> | undefined;

  constructor(context: AdminContext) {
    this.#context = context;
  }

  handle(request: IncomingMessage, response: ServerResponse): void {
    this.#app ??= import('./admin.app.js').then(({ createAdminApp }) => createAdminApp(this.#context) as Handler);
    this.#app.then(
      (app) => app(request, response),
      () => response.writeHead(500).end(),
    );
  }
}
