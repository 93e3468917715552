import { HttpService } from '@nestjs/axios';
import type { AxiosAdapter, AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { CARRY, carryUntil, type CarryingTransport } from '../upstream/carrier.js';
import type { StopSignal } from '../upstream/stop.js';
import { WireFailure, type WireReply, type WireRequest } from '../upstream/transport.port.js';
import { UndiciTransport, type UndiciTransportOptions } from './undici.transport.js';

export interface HttpServiceTransportOptions extends UndiciTransportOptions {}

/** Leaves the body and the reply as they are: bytes, whatever they contain. */
const PINNED = {
  responseType: 'arraybuffer' as const,
  transformRequest: [(data: unknown) => data],
  transformResponse: [(data: unknown) => data],
};

/**
 * Sends requests with `HttpService` of @nestjs/axios, so that its interceptors see them, through an axios adapter on
 * {@link UndiciTransport}. The adapter, the redirects, the proxy, the timeout and the agents of the `HttpService` do not
 * apply.
 */
export class HttpServiceTransport implements CarryingTransport {
  readonly #wire: UndiciTransport;

  constructor(
    private readonly httpService: HttpService,
    options: HttpServiceTransportOptions = {},
  ) {
    this.#wire = new UndiciTransport(options);
  }

  send(request: WireRequest, signal: AbortSignal): Promise<WireReply> {
    return carryUntil(signal, (stop) => this[CARRY](request, stop));
  }

  /** For the engine of this package, which has no `AbortSignal`. */
  async [CARRY](request: WireRequest, stop: StopSignal): Promise<WireReply> {
    const { axiosRef } = this.httpService;
    const carried = new Carried(this.#wire, request, stop, (config) => axiosRef.getUri(config));
    const { method, url, headers, body } = request;
    try {
      // Uses the axios instance of the service. Its Observable would also cancel each finished request, at the price of
      // an error object with a stack trace.
      const answer = axiosRef.request<unknown>({
        ...PINNED,
        adapter: carried.adapter,
        method,
        url,
        headers,
        data: body,
      });
      return carried.reply(await answer);
    } catch {
      throw carried.failure();
    }
  }

  close(): void {
    this.#wire.close();
  }
}

/** One request on its way through axios. */
class Carried {
  #sent: Promise<WireReply> | undefined;
  #reply: WireReply | undefined;
  #failure: unknown;

  constructor(
    private readonly wire: UndiciTransport,
    private readonly request: WireRequest,
    private readonly stop: StopSignal,
    private readonly uriOf: (config: InternalAxiosRequestConfig) => string,
  ) {}

  /** Sends what the interceptors have made of the request: once, also if an interceptor repeats it. */
  readonly adapter: AxiosAdapter = async (config) => {
    if (this.#sent) throw new Error('a question is sent once');
    const { baseURL, data, headers, params } = config;
    const url = config.url === this.request.url && !baseURL && !params ? config.url : this.uriOf(config);
    this.#sent = this.wire[CARRY](
      { method: 'POST', url, headers: headers.toJSON() as WireRequest['headers'], body: data as string },
      this.stop,
    );
    try {
      const reply = (this.#reply = await this.#sent);
      return { data: reply.body, status: reply.status, statusText: '', headers: { ...reply.headers }, config };
    } catch (error) {
      this.#failure = error;
      throw error;
    }
  };

  /** Returns what the interceptors have made of the reply. */
  reply({ status, headers, data }: AxiosResponse<unknown>): WireReply {
    if (!this.#reply || !(data instanceof Uint8Array)) throw this.failure();
    return { ...this.#reply, status, headers: headers as WireReply['headers'], body: data };
  }

  /** The failure of the exchange, whatever the interceptors have made of it. */
  failure(): WireFailure {
    if (this.#failure instanceof WireFailure) return this.#failure;
    // Only this adapter knows what was sent. Without it, an interceptor may have sent the request some other way.
    if (!this.#sent) return new WireFailure(this.stop.isStopped ? 'aborted' : 'connection_lost', 'sent');
    return new WireFailure('connection_lost', this.#reply ? 'body' : 'sent');
  }
}

/** The transport that the module creates, and therefore closes. A transport from the application is not closed. */
export class ModuleTransport extends HttpServiceTransport {}
