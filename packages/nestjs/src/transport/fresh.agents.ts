import * as http from 'node:http';
import * as https from 'node:https';
import type { Duplex } from 'node:stream';
import { ConnectionWatch } from './connection.watch.js';

/** When the last reply on a connection ended, in milliseconds of the monotonic clock. */
const idleSince = new WeakMap<Duplex, number>();

// Taken when this module loads, so that a test's fake timers cannot stop a request.
const nextCheck = setImmediate;

/** Calls back after the event loop has read every connection once: the second check phase from now. */
const afterReading = (callback: () => void) => void nextCheck(() => void nextCheck(callback));

/**
 * Agents that use a kept connection only when it is fresh and quiet.
 *
 * Fresh: not idle for longer than the server keeps it. Node's own agent leaves that to a timer, and a busy event loop is
 * late with its timers: the connection is closed by then, the request goes into the void, and whether it was paid for is
 * in doubt.
 *
 * Quiet: the event loop has read it since its last reply, and right before the next request. What had arrived by then
 * without being asked for has closed it, see {@link ConnectionWatch}, instead of answering that request.
 */
export class FreshAgents {
  readonly http: http.Agent;
  readonly https: https.Agent;
  readonly #keepAliveMs: number;
  #resting = 0;

  constructor({ keepAliveMs, maxSockets }: { readonly keepAliveMs: number; readonly maxSockets: number }) {
    // Node takes one second off what the server announces in Keep-Alive; `timeout` is for servers that announce nothing.
    // The last one used comes first, so that the others grow old.
    const options = { keepAlive: true, maxSockets, timeout: keepAliveMs, scheduling: 'lifo' as const };
    this.http = new http.Agent(options);
    this.https = new https.Agent({ ...options, minVersion: 'TLSv1.2' });
    this.#keepAliveMs = keepAliveMs;
    for (const agent of [this.http, this.https]) this.#letRest(agent);
  }

  /** Leaves only fresh and quiet connections in the agents. To be called before each request, which follows at once. */
  async ready(): Promise<void> {
    if (this.#keepsConnections()) await new Promise<void>(afterReading);
    this.#dropStale();
  }

  /** Node hands a connection to a waiting request in the very turn in which its reply ends; here it rests before. */
  #letRest(agent: http.Agent): void {
    const handOn = agent.listeners('free');
    agent.removeAllListeners('free').on('free', (socket: Duplex, ...rest: unknown[]) => {
      idleSince.set(socket, performance.now());
      const free = () => handOn.forEach((listener) => void listener.call(agent, socket, ...rest));
      // A connection that was opened for a waiting request has nothing to rest from.
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
        // What is closed leaves the list at once: Node keeps it there for another turn, and may use it.
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
