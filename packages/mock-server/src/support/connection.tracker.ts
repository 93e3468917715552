import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Maximum number of pipelined requests on one connection. Current clients send at most one ahead. */
const MAX_PIPELINED = 8;

/** Time until a connection that this side has ended is destroyed, in milliseconds. */
const LINGER_MS = 1_000;

interface Connection {
  readonly socket: Socket;
  /** Requests without a complete reply. */
  open: number;
  /** The latest request. */
  last?: IncomingMessage;
}

/** Tracks the connections of a server: their pending requests, and the connections that a fault holds open. */
export class ConnectionTracker {
  readonly #connections = new Map<string, Connection>();
  /** The same by the socket of their requests, which is the TLS socket if there is one. */
  readonly #bySocket = new WeakMap<Socket, Connection>();
  readonly #held = new Set<Socket>();
  #releasing = false;

  /** Tracks every connection from the TCP accept, before TLS and HTTP. */
  watch(server: Server): void {
    server.on('connection', (socket: Socket) => {
      const id = idOf(socket);
      this.#connections.set(id, { socket, open: 0 });
      socket.once('close', () => this.#connections.delete(id));
      endWhenEnded(socket);
    });
    server.on('secureConnection', endWhenEnded);
  }

  /** Counts a request. @returns false if the connection has too many pending requests; it is then destroyed */
  begin(request: IncomingMessage, response: ServerResponse): boolean {
    const connection = this.#of(request.socket);
    if (!connection) return true;
    if (connection.open >= MAX_PIPELINED) {
      request.socket.destroy();
      return false;
    }
    connection.open++;
    connection.last = request;
    response.on('close', () => connection.open--);
    return true;
  }

  #of(socket: Socket): Connection | undefined {
    let connection = this.#bySocket.get(socket);
    if (!connection) {
      connection = this.#connections.get(idOf(socket));
      if (connection) this.#bySocket.set(socket, connection);
    }
    return connection;
  }

  /** Returns true if the incomplete request already has a reply, so that a second one would be misattributed. */
  isAnswered(socket: Socket): boolean {
    const connection = this.#of(socket);
    return connection?.last?.complete === false && connection.open === 0;
  }

  /** Marks a connection as held without a reply, so that closing does not wait for it. */
  hold(socket: Socket): void {
    if (this.#held.has(socket)) return;
    if (this.#releasing) {
      socket.destroy();
      return;
    }
    this.#held.add(socket);
    socket.once('close', () => this.#held.delete(socket));
  }

  /** Destroys held connections, now and in the future. */
  release(): void {
    this.#releasing = true;
    for (const socket of this.#held) socket.destroy();
  }

  /** Destroys every connection without a pending request, including incomplete and half-closed ones. */
  destroyIdle(): void {
    for (const { socket, open } of this.#connections.values())
      if (open === 0 || socket.writableFinished) socket.destroy();
  }

  destroyAll(): void {
    for (const { socket } of this.#connections.values()) socket.destroy();
  }
}

/** Destroys a connection a short time after this side has ended it, so that a client cannot keep it half open. */
function endWhenEnded(socket: Socket): void {
  socket.once('finish', () => setTimeout(() => socket.destroy(), LINGER_MS).unref());
}

/** Identifies a connection by its addresses, because its TLS socket and its TCP socket are separate objects. */
function idOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}
