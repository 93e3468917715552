import { Client, type buildConnector, type Dispatcher } from 'undici';
import type { Duplex } from 'node:stream';
import type { ExchangeOptions } from './exchange.js';
import { WatchedConnection } from './watched.connection.js';

/** undici's connector returns the socket that it connects, which its types leave out. */
type Connector = (...parameters: Parameters<buildConnector.connector>) => unknown;

/** How long a connection lives. */
export interface LaneLimits {
  /** Time for which an idle connection is kept, in milliseconds. */
  readonly keepAliveMs: number;
  /** Age from which a connection is closed after its next reply, so that a change in DNS takes effect, in milliseconds. */
  readonly maxAgeMs: number;
}

/** A client of undici's pool, which has one connection at a time, and carries one request at a time. */
export class Lane {
  #connecting: Duplex | undefined;
  #connection: WatchedConnection | undefined;

  /** Creates a client with a lane of its own. */
  static client(origin: URL, options: Client.Options, { keepAliveMs, maxAgeMs }: LaneLimits): Client {
    const lane = new Lane();
    const client = new Client(origin, { ...options, connect: lane.#watched(options.connect as Connector) });
    client.dispatch = (requested: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler) => {
      // Set by `Exchange.begin`; the pool passes it on.
      (requested as ExchangeOptions).exchange.lane = lane;
      const { connection } = lane;
      connection?.closeIfIdleFor(keepAliveMs);
      // One that is closed says nothing about the age of the next one.
      const isOld = connection?.isOpen && performance.now() - connection.openedAt >= maxAgeMs;
      return Client.prototype.dispatch.call(client, isOld ? { ...requested, reset: true } : requested, handler);
    };
    return client;
  }

  /** The connection that stands, or the last one. */
  get connection(): WatchedConnection | undefined {
    return this.#connection;
  }

  /** Stops connecting. undici cannot take back a request that waits for a connection. */
  giveUp(): void {
    // Without an error, undici would wait for ever.
    this.#connecting?.destroy(new Error('aborted'));
  }

  #watched(connect: Connector): buildConnector.connector {
    return (options, callback) => {
      this.#connecting = connect(options, (...[error, socket]) => {
        this.#connecting = undefined;
        if (error) return callback(error, null);
        const connection = (this.#connection = new WatchedConnection(socket));
        callback(null, socket);
        connection.watch();
      }) as Duplex | undefined;
    };
  }
}
