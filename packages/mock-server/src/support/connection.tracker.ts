import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** The most requests of one connection that wait for their replies: no client of today sends more than one ahead. */
const MAX_PIPELINED = 8;

/** How long the other side may leave a connection half open that this side has ended, in milliseconds. */
const LINGER_MS = 1_000;

interface Connection {
  readonly socket: Socket;
  /** Requests that arrived and were not answered yet. */
  open: number;
  /** The last request that arrived. */
  last?: IncomingMessage;
}

/** The connections of a server: what is under way on them, and which ones a fault holds that nobody will ever answer. */
export class ConnectionTracker {
  readonly #connections = new Map<string, Connection>();
  readonly #held = new Set<Socket>();
  #releasing = false;

  /** Follows every connection from its first byte, also before TLS or HTTP have begun. */
  watch(server: Server): void {
    server.on('connection', (socket: Socket) => {
      const id = idOf(socket);
      this.#connections.set(id, { socket, open: 0 });
      socket.once('close', () => this.#connections.delete(id));
      endWhenEnded(socket);
    });
    server.on('secureConnection', endWhenEnded);
  }

  /** A request has arrived. @returns false when it is one too many: then its connection is broken off */
  begin(request: IncomingMessage, response: ServerResponse): boolean {
    const connection = this.#connections.get(idOf(request.socket));
    if (!connection) return true;
    if (connection.open >= MAX_PIPELINED) {
      request.socket.destroy();
      return false;
    }
    connection.open++;
    connection.last = request;
    response.once('close', () => connection.open--);
    return true;
  }

  /** Whether the request whose end is still missing was answered already: a second answer would be nobody's. */
  isAnswered(socket: Socket): boolean {
    const connection = this.#connections.get(idOf(socket));
    return connection?.last?.complete === false && connection.open === 0;
  }

  /** Marks a connection as one that is never answered: closing does not wait for it. */
  hold(socket: Socket): void {
    if (this.#held.has(socket)) return;
    if (this.#releasing) {
      socket.destroy();
      return;
    }
    this.#held.add(socket);
    socket.once('close', () => this.#held.delete(socket));
  }

  /** Breaks off what is held, and what will be from now on. */
  release(): void {
    this.#releasing = true;
    for (const socket of this.#held) socket.destroy();
  }

  /** Breaks off every connection on which no request waits for its reply: idle, not begun, half a head, or half closed. */
  destroyIdle(): void {
    for (const { socket, open } of this.#connections.values())
      if (open === 0 || socket.writableFinished) socket.destroy();
  }

  destroyAll(): void {
    for (const { socket } of this.#connections.values()) socket.destroy();
  }
}

/** Closes a connection for good soon after this side has ended it: a client that keeps its side open holds nothing. */
function endWhenEnded(socket: Socket): void {
  socket.once('finish', () => setTimeout(() => socket.destroy(), LINGER_MS).unref());
}

/** A connection under TLS is two sockets that have only their addresses in common. */
function idOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}
