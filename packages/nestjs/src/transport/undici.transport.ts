import { Pool, type Dispatcher } from 'undici';
import type { Complete } from '../support/complete.types.js';
import { CARRY, carryUntil, type CarryingTransport } from '../upstream/carrier.js';
import type { StopSignal } from '../upstream/stop.js';
import type { WireReply, WireRequest } from '../upstream/transport.port.js';
import { Lane } from './connection.lane.js';
import { Exchange } from './exchange.js';

export interface UndiciTransportOptions {
  /** Maximum size of a reply body, in bytes. A real reply has about 100. @default 65_536 */
  readonly maxReplyBytes?: number | undefined;
  /** Time for which an idle connection is kept, in milliseconds. Must be shorter than the server's. @default 4_000 */
  readonly keepAliveMs?: number | undefined;
  /** Maximum number of connections to one host. @default 64 */
  readonly maxSockets?: number | undefined;
  /**
   * What sends the requests, such as a `ProxyAgent` or an `EnvHttpProxyAgent` of undici 7. It must call `onRequestStart`
   * before it sends, as those do. Each request gets a connection of its own, because nobody watches these connections;
   * `keepAliveMs` and `maxSockets` do not apply. Not closed by this transport.
   * @default connections of this transport; no proxy, whatever the environment says
   */
  readonly dispatcher?: Pick<Dispatcher, 'dispatch'> | undefined;
}

const MAX_REPLY_HEADER_BYTES = 16 * 1024;
/** How much shorter a connection is kept than the server announces. */
const KEEP_ALIVE_MARGIN_MS = 1_000;
const MAX_CONNECTION_AGE_MS = 300_000;

/**
 * Sends requests with undici, without axios: for about half of the price of {@link HttpServiceTransport}, and with the
 * same rules. No redirects, no proxy unless it is given, no HTTP/2, no decompression, TLS 1.2 or later, a limit on
 * replies, the reply as bytes.
 */
export class UndiciTransport implements CarryingTransport {
  readonly #pools = new Map<string, Pool>();
  readonly #options: Complete<Omit<UndiciTransportOptions, 'dispatcher'>> & Pick<UndiciTransportOptions, 'dispatcher'>;
  #last: Target | undefined;

  constructor({
    maxReplyBytes = 65_536,
    keepAliveMs = 4_000,
    maxSockets = 64,
    dispatcher,
  }: UndiciTransportOptions = {}) {
    this.#options = { maxReplyBytes, keepAliveMs, maxSockets, dispatcher };
  }

  send(request: WireRequest, signal: AbortSignal): Promise<WireReply> {
    return carryUntil(signal, (stop) => this[CARRY](request, stop));
  }

  /** For the engine of this package, which has no `AbortSignal`. */
  [CARRY]({ method, url, headers, body }: WireRequest, stop: StopSignal): Promise<WireReply> {
    const { dispatcher, maxReplyBytes } = this.#options;
    const exchange = new Exchange(stop, maxReplyBytes);
    const { origin, path } = this.#target(url);
    const request = { origin, path, method, headers, body };
    if (dispatcher) exchange.begin(dispatcher, { ...request, reset: true });
    else exchange.begin(this.#pool(origin), request);
    return exchange.reply;
  }

  close(): void {
    for (const pool of this.#pools.values()) void pool.close();
    this.#pools.clear();
  }

  /** An instance has one URL, so the last one is nearly always the next one. */
  #target(url: string): Target {
    if (this.#last?.url === url) return this.#last;
    const { origin, pathname, search } = new URL(url);
    return (this.#last = { url, origin, path: pathname + search });
  }

  #pool(origin: string): Pool {
    let pool = this.#pools.get(origin);
    if (!pool) this.#pools.set(origin, (pool = this.#open(origin)));
    return pool;
  }

  #open(origin: string): Pool {
    const { keepAliveMs, maxSockets } = this.#options;
    return new Pool(origin, {
      connections: maxSockets,
      pipelining: 1,
      allowH2: false,
      maxHeaderSize: MAX_REPLY_HEADER_BYTES,
      keepAliveTimeout: keepAliveMs,
      keepAliveMaxTimeout: keepAliveMs,
      keepAliveTimeoutThreshold: KEEP_ALIVE_MARGIN_MS,
      // The signal of the request ends it.
      connectTimeout: 0,
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: { minVersion: 'TLSv1.2' },
      factory: (to: URL, options: object) => Lane.client(to, options, { keepAliveMs, maxAgeMs: MAX_CONNECTION_AGE_MS }),
    });
  }
}

interface Target {
  readonly url: string;
  readonly origin: string;
  readonly path: string;
}
