import type { IncomingMessage } from 'node:http';
import type { NamespaceState } from '../namespace/namespace.state.js';
import type { SeededRandom } from '../namespace/seeded-random.js';
import { isTls } from '../support/is-tls.js';

/** The path of the trap. */
export const TRAP_PREFIX = '/__trap/';

/** Maximum number of redirects to remember. */
const MAX_TOKENS = 1_000;

/** Remembers redirects, so that a request that follows one is recorded in the namespace that received it. */
export class TrapTokens {
  readonly #random: SeededRandom;
  readonly #namespaces = new Map<string, NamespaceState>();

  constructor(random: SeededRandom) {
    this.#random = random;
  }

  /**
   * Creates an absolute URL of the trap under another host name than the called one: `localhost` for an IP address, the
   * IP address for `localhost`.
   */
  urlFor(request: IncomingMessage, namespace: NamespaceState | undefined): string {
    const token = this.#random.uint32().toString(36) + this.#random.uint32().toString(36);
    const oldest = this.#namespaces.keys().next();
    if (this.#namespaces.size >= MAX_TOKENS && !oldest.done) this.#namespaces.delete(oldest.value);
    if (namespace) this.#namespaces.set(token, namespace);
    const scheme = isTls(request.socket) ? 'https' : 'http';
    const host = request.headers.host?.startsWith('localhost') ? '127.0.0.1' : 'localhost';
    return `${scheme}://${host}:${request.socket.localPort}${TRAP_PREFIX}${token}`;
  }

  /** Returns the namespace that received the redirect to this path. */
  namespaceOf(path: string): NamespaceState | undefined {
    return this.#namespaces.get(path.slice(TRAP_PREFIX.length));
  }
}
