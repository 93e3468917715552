import * as http from 'node:http';
import * as https from 'node:https';
import type { Duplex } from 'node:stream';

/** When a connection was put aside, in milliseconds of the monotonic clock. */
const idleSince = new WeakMap<Duplex, number>();

class FreshHttpAgent extends http.Agent {
  override keepSocketAlive(socket: Duplex): boolean {
    idleSince.set(socket, performance.now());
    return super.keepSocketAlive(socket) as unknown as boolean;
  }
}

class FreshHttpsAgent extends https.Agent {
  override keepSocketAlive(socket: Duplex): boolean {
    idleSince.set(socket, performance.now());
    return super.keepSocketAlive(socket) as unknown as boolean;
  }
}

/**
 * Agents that use no connection which has been idle for longer than the server keeps it. Node's own agent leaves that
 * to a timer, and a busy event loop is late with its timers: the connection is closed by then, the request goes into
 * the void, and whether it was paid for is in doubt.
 */
export class FreshAgents {
  readonly http: http.Agent;
  readonly https: https.Agent;
  readonly #keepAliveMs: number;

  constructor({ keepAliveMs, maxSockets }: { readonly keepAliveMs: number; readonly maxSockets: number }) {
    // Node takes one second off what the server announces in Keep-Alive; `timeout` is for servers that announce nothing.
    // The last one used comes first, so that the others grow old.
    const options = { keepAlive: true, maxSockets, timeout: keepAliveMs, scheduling: 'lifo' as const };
    this.http = new FreshHttpAgent(options);
    this.https = new FreshHttpsAgent({ ...options, minVersion: 'TLSv1.2' });
    this.#keepAliveMs = keepAliveMs;
  }

  /** Closes what has been idle for too long. To be called before each request. */
  dropStale(): void {
    const oldest = performance.now() - this.#keepAliveMs;
    for (const { freeSockets } of [this.http, this.https]) {
      for (const name in freeSockets) {
        for (const socket of freeSockets[name] ?? []) if ((idleSince.get(socket) ?? 0) <= oldest) socket.destroy();
      }
    }
  }

  close(): void {
    this.http.destroy();
    this.https.destroy();
  }
}
