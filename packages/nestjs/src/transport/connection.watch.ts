import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

const watches = new WeakMap<Duplex, ConnectionWatch>();

/**
 * Closes a connection that receives data without a question. What follows could be taken for the answer to the next
 * question, and Node ignores such data while a connection is idle.
 */
export class ConnectionWatch {
  #asking = false;
  #reply: IncomingMessage | undefined;

  /** Returns the watch of a connection. It starts with the first request and lasts as long as the connection. */
  static of(socket: Duplex): ConnectionWatch {
    let watch = watches.get(socket);
    if (!watch) watches.set(socket, (watch = new ConnectionWatch(socket)));
    return watch;
  }

  /** Returns whether a connection has carried a request before. */
  static hasSeen(socket: Duplex): boolean {
    return watches.has(socket);
  }

  private constructor(socket: Duplex) {
    // Prepended, because the parser must not have read these bytes yet.
    socket.prependListener('data', () => {
      if (!this.#asking || this.#reply?.complete) socket.destroy();
    });
    // Between two requests there is no other listener, and an unhandled `error` event ends the process.
    socket.on('error', () => undefined);
  }

  /** Called when a request is sent. */
  asked(): void {
    this.#asking = true;
    this.#reply = undefined;
  }

  /** Called when the head of the reply has arrived. Nothing may follow its body. */
  answered(reply: IncomingMessage): void {
    this.#reply = reply;
  }
}
