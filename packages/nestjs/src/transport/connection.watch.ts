import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

const watches = new WeakMap<Duplex, ConnectionWatch>();

/**
 * Closes a connection on which something arrives that no question asked for: whatever follows there might be taken for
 * the answer to the next question. Node itself ignores such bytes while a connection is idle.
 */
export class ConnectionWatch {
  #asking = false;
  #reply: IncomingMessage | undefined;

  /** The watch of a connection, which begins with its first request and lasts as long as the connection. */
  static of(socket: Duplex): ConnectionWatch {
    let watch = watches.get(socket);
    if (!watch) watches.set(socket, (watch = new ConnectionWatch(socket)));
    return watch;
  }

  /** Whether a connection has carried a request before. */
  static hasSeen(socket: Duplex): boolean {
    return watches.has(socket);
  }

  private constructor(socket: Duplex) {
    // First in line: the parser must not have read these bytes yet.
    socket.prependListener('data', () => {
      if (!this.#asking || this.#reply?.complete) socket.destroy();
    });
    // Between two requests nobody else listens, and an error that nobody listens for ends the process.
    socket.on('error', () => undefined);
  }

  /** A request goes out. */
  asked(): void {
    this.#asking = true;
    this.#reply = undefined;
  }

  /** The head of its reply has come; nothing may follow its body. */
  answered(reply: IncomingMessage): void {
    this.#reply = reply;
  }
}
