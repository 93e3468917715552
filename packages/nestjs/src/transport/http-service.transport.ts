import { HttpService } from '@nestjs/axios';
import type { AxiosRequestConfig } from 'axios';
import * as http from 'node:http';
import * as https from 'node:https';
import type { Duplex } from 'node:stream';
import { ConnectionWatch } from './connection.watch.js';
import { FreshAgents } from './fresh.agents.js';
import {
  WireFailure,
  type UpstreamTransport,
  type WirePhase,
  type WireReply,
  type WireRequest,
} from '../upstream/transport.port.js';

export interface HttpServiceTransportOptions {
  /** Maximum size of a reply body, in bytes. A real reply has about 100. @default 65_536 */
  readonly maxReplyBytes?: number | undefined;
  /** Time for which an idle connection is kept, in milliseconds. Must be shorter than the server's. @default 4_000 */
  readonly keepAliveMs?: number | undefined;
  /** Maximum number of connections. @default 64 */
  readonly maxSockets?: number | undefined;
}

const MAX_REPLY_HEADER_BYTES = 16 * 1024;
const MAX_INFORMATIONAL_REPLIES = 8;

/**
 * Sends requests with `HttpService` of @nestjs/axios, and sets everything that axios leaves open: no redirects (a 307
 * would post the identity to another host), no proxy from the environment, no decompression, a limit on replies, TLS
 * 1.2 or later, the reply as bytes.
 */
export class HttpServiceTransport implements UpstreamTransport {
  readonly #agents: FreshAgents;
  readonly #pinned: AxiosRequestConfig;

  constructor(
    private readonly httpService: HttpService,
    { maxReplyBytes = 65_536, keepAliveMs = 4_000, maxSockets = 64 }: HttpServiceTransportOptions = {},
  ) {
    this.#agents = new FreshAgents({ keepAliveMs, maxSockets });
    this.#pinned = {
      httpAgent: this.#agents.http,
      httpsAgent: this.#agents.https,
      maxRedirects: 0,
      proxy: false,
      decompress: false,
      responseType: 'arraybuffer',
      maxContentLength: maxReplyBytes,
      validateStatus: () => true,
      transformRequest: [(data: unknown) => data],
      transformResponse: [(data: unknown) => data],
      timeout: 0,
      insecureHTTPParser: false,
    };
  }

  async send({ method, url, headers, body }: WireRequest, signal: AbortSignal): Promise<WireReply> {
    const exchange = new Exchange(signal);
    await this.#agents.ready();
    try {
      // Uses the axios instance of the service. Its Observable would also cancel each finished request, at the price of
      // an error object with a stack trace.
      const reply = await this.httpService.axiosRef.request<Buffer>({
        ...this.#pinned,
        method,
        url,
        headers,
        data: body,
        transport: exchange,
      } as AxiosRequestConfig);
      return {
        status: reply.status,
        headers: reply.headers as WireReply['headers'],
        body: reply.data,
        drop: () => exchange.drop(),
      };
    } catch (error) {
      throw exchange.failure(error);
    }
  }

  close(): void {
    this.#agents.close();
  }
}

/**
 * One request and its progress. An error code does not show whether anything was sent (ECONNRESET happens before and
 * after), so the socket is observed.
 */
class Exchange {
  #phase: WirePhase = 'unsent';
  #socket: Duplex | undefined;
  readonly #signal: AbortSignal;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  /** The `transport` of an axios request: creates the request as node:http does, and observes it. */
  request(options: https.RequestOptions, onReply: (reply: http.IncomingMessage) => void): http.ClientRequest {
    const { request } = options.protocol === 'https:' ? https : http;
    options.maxHeaderSize = MAX_REPLY_HEADER_BYTES;
    const sent = request(options, (reply) => {
      this.#phase = 'body';
      ConnectionWatch.of(reply.socket).answered(reply);
      onReply(reply);
    });
    sent.once('socket', (socket) => {
      // A destroyed connection carries nothing.
      if (socket.destroyed) return;
      this.#socket = socket;
      ConnectionWatch.of(socket).asked();
      // A connected socket may send bytes at once. A socket that is still connecting sends none before it is ready.
      if (socket.connecting)
        socket.once('encrypted' in socket ? 'secureConnect' : 'connect', () => this.#advance('sent'));
      else this.#advance('sent');
    });
    let informational = 0;
    sent.on('information', () => {
      this.#phase = 'headers';
      if (++informational > MAX_INFORMATIONAL_REPLIES) sent.destroy(new Error('too many informational replies'));
    });
    // No upgrade was requested. Without this listener, node:http would wait for a reply that can no longer arrive.
    sent.on('upgrade', (_reply, socket) => {
      this.#phase = 'headers';
      socket.destroy();
      sent.emit('error', new Error('protocol switched')); // the request already counts as destroyed, so destroy() would emit nothing
    });
    this.#endWithSignal(sent);
    return sent;
  }

  /** Closes the connection, so that no other request uses it. */
  drop(): void {
    this.#socket?.destroy();
  }

  /** Replaces the signal handling of axios, which adds three listeners to each request. */
  #endWithSignal(sent: http.ClientRequest): void {
    const abort = () => void sent.destroy(new Error('aborted'));
    if (this.#signal.aborted) return abort();
    this.#signal.addEventListener('abort', abort, { once: true });
    sent.once('close', () => this.#signal.removeEventListener('abort', abort));
  }

  failure(error: unknown): WireFailure {
    if (this.#signal.aborted) return new WireFailure('aborted', this.#phase);
    const { code, message } = error as { code?: unknown; message?: unknown };
    const systemCode = typeof code === 'string' && /^[A-Z0-9_]{1,40}$/.test(code) ? code : undefined;
    if (this.#phase === 'unsent') return new WireFailure('connect', 'unsent', systemCode);
    if (systemCode?.startsWith('HPE_')) {
      return new WireFailure(systemCode === 'HPE_HEADER_OVERFLOW' ? 'too_large' : 'not_http', 'headers', systemCode);
    }
    if (typeof message === 'string' && message.startsWith('maxContentLength'))
      return new WireFailure('too_large', 'body');
    return new WireFailure('connection_lost', this.#phase, systemCode);
  }

  #advance(phase: WirePhase): void {
    if (this.#phase === 'unsent') this.#phase = phase;
  }
}

/** The transport that the module creates, and therefore closes. A transport from the application is not closed. */
export class ModuleTransport extends HttpServiceTransport {}
