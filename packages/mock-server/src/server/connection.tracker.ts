import type { Socket } from 'node:net';

/** The connections that a fault holds and nobody will ever answer. */
export class ConnectionTracker {
  readonly #held = new Set<Socket>();

  hold(socket: Socket): void {
    if (this.#held.has(socket)) return;
    this.#held.add(socket);
    socket.once('close', () => this.#held.delete(socket));
  }

  /** Breaks them off. */
  release(): void {
    for (const socket of this.#held) socket.destroy();
  }
}
