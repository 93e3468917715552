import * as http from 'node:http';
import * as https from 'node:https';
import type { Duplex } from 'node:stream';
import { ConnectionWatch } from './connection.watch.js';

/** End of the last reply on a connection, in monotonic milliseconds. */
const idleSince = new WeakMap<Duplex, number>();

// Captured when this module loads, so that fake timers of a test cannot block a request.
const nextCheck = setImmediate;

/** Calls back in the second check phase from now, after the event loop has read every connection once. */
const afterReading = (callback: () => void) => void nextCheck(() => void nextCheck(callback));

/**
 * Agents that reuse a connection only if it is fresh and quiet.
 *
 * Fresh: it has not been idle for longer than the server keeps it. Node's own agent uses a timer, which runs late in a
 * busy event loop. The server has then closed the connection, and it is unknown whether the request was paid for.
 *
 * Quiet: the event loop has read it after its last reply, and again just before the next request. Unsolicited data that
 * has arrived by then closes the connection (see {@link ConnectionWatch}) and cannot answer the request.
 */
export class FreshAgents {
  readonly http: http.Agent;
  readonly https: https.Agent;
  readonly #keepAliveMs: number;
  #resting = 0;

  constructor({ keepAliveMs, maxSockets }: { readonly keepAliveMs: number; readonly maxSockets: number }) {
    // Node subtracts one second from the time that the server announces in Keep-Alive; `timeout` applies if it
    // announces none. With `lifo` the other connections can expire.
    const options = { keepAlive: true, maxSockets, timeout: keepAliveMs, scheduling: 'lifo' as const };
    this.http = new http.Agent(options);
    this.https = new https.Agent({ ...options, minVersion: 'TLSv1.2' });
    this.#keepAliveMs = keepAliveMs;
    for (const agent of [this.http, this.https]) this.#letRest(agent);
  }

  /** Removes connections that are not fresh or not quiet. Call it immediately before each request. */
  async ready(): Promise<void> {
    if (this.#keepsConnections()) await new Promise<void>(afterReading);
    this.#dropStale();
  }

  /**
   * Node passes a connection to a waiting request in the same turn in which the reply ends. This delays it until the
   * connection has been read.
   */
  #letRest(agent: http.Agent): void {
    const handOn = agent.listeners('free');
    agent.removeAllListeners('free').on('free', (socket: Duplex, ...rest: unknown[]) => {
      idleSince.set(socket, performance.now());
      const free = () => handOn.forEach((listener) => void listener.call(agent, socket, ...rest));
      // A connection opened for a waiting request has no earlier reply.
      if (!ConnectionWatch.hasSeen(socket)) return free();
      this.#resting++;
      afterReading(() => {
        this.#resting--;
        if (this.#isStale(socket)) socket.destroy();
        free();
      });
    });
  }

  #keepsConnections(): boolean {
    return this.#resting > 0 || [this.http, this.https].some(({ freeSockets }) => Object.keys(freeSockets).length > 0);
  }

  #isStale(socket: Duplex): boolean {
    return performance.now() - (idleSince.get(socket) ?? 0) >= this.#keepAliveMs;
  }

  #dropStale(): void {
    for (const { freeSockets } of [this.http, this.https]) {
      for (const name in freeSockets) {
        const free = freeSockets[name] ?? [];
        // Removed at once: Node keeps a closed connection in the list for another turn, and may use it.
        for (let at = free.length - 1; at >= 0; at--) {
          const socket = free[at];
          if (socket && this.#isStale(socket)) socket.destroy();
          if (socket?.destroyed) free.splice(at, 1);
        }
      }
    }
  }

  close(): void {
    this.http.destroy();
    this.https.destroy();
  }
}
