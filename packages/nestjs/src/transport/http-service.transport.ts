import { HttpService } from '@nestjs/axios';
import type { AxiosAdapter, AxiosInstance, AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { CARRY, carryUntil, type CarryingTransport } from '../upstream/carrier.js';
import type { StopSignal } from '../upstream/stop.js';
import { WireFailure, type WireReply, type WireRequest } from '../upstream/transport.port.js';
import { UndiciTransport, type UndiciTransportOptions } from './undici.transport.js';

export interface HttpServiceTransportOptions extends UndiciTransportOptions {}

/** Leaves the body and the reply as they are: bytes, whatever they contain. */
const UNCHANGED: [] = [];

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
    const isSeen = hasInterceptors(axiosRef);
    const carried = new Carried(this.#wire, request, stop, isSeen, (config) => axiosRef.getUri(config));
    const { method, url, headers, body: data } = request;
    const { adapter } = carried;
    const config = { transformRequest: UNCHANGED, transformResponse: UNCHANGED, adapter, method, url, data };
    try {
      // Uses the axios instance of the service. Its Observable would also cancel each finished request, at the price of
      // an error object with a stack trace.
      const answer = axiosRef.request<unknown>(
        isSeen ? { ...config, responseType: 'arraybuffer' as const, headers } : config,
      );
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
    /** Whether an interceptor sees the headers. If not, axios is not given any: it spends half of its time on them. */
    private readonly isSeen: boolean,
    private readonly uriOf: (config: InternalAxiosRequestConfig) => string,
  ) {}

  /** Sends what the interceptors have made of the request: once, also if an interceptor repeats it. */
  readonly adapter: AxiosAdapter = async (config) => {
    if (this.#sent) throw new Error('a question is sent once');
    const { baseURL, data, headers, params } = config;
    const url = config.url === this.request.url && !baseURL && !params ? config.url : this.uriOf(config);
    this.#sent = this.wire[CARRY](
      {
        method: 'POST',
        url,
        headers: this.isSeen ? textsOf(headers) : joined(this.request.headers, textsOf(headers)),
        body: data as string,
      },
      this.stop,
    );
    try {
      const reply = (this.#reply = await this.#sent);
      return {
        data: reply.body,
        status: reply.status,
        statusText: '',
        headers: this.isSeen ? { ...reply.headers } : {},
        config,
      };
    } catch (error) {
      this.#failure = error;
      throw error;
    }
  };

  /** Returns what the interceptors have made of the reply. */
  reply({ status, headers, data }: AxiosResponse<unknown>): WireReply {
    if (!this.#reply || !(data instanceof Uint8Array)) throw this.failure();
    const reply = { ...this.#reply, status, body: data };
    return this.isSeen ? { ...reply, headers: headers as WireReply['headers'] } : reply;
  }

  /** The failure of the exchange, whatever the interceptors have made of it. */
  failure(): WireFailure {
    if (this.#failure instanceof WireFailure) return this.#failure;
    // Only this adapter knows what was sent. Without it, an interceptor may have sent the request some other way.
    if (!this.#sent) return new WireFailure(this.stop.isStopped ? 'aborted' : 'connection_lost', 'sent');
    return new WireFailure('connection_lost', this.#reply ? 'body' : 'sent');
  }
}

/** An ejected interceptor leaves `null`. What is no axios instance, as in a test, counts as one that has interceptors. */
function hasInterceptors({ interceptors }: Partial<Pick<AxiosInstance, 'interceptors'>>): boolean {
  return [interceptors?.request, interceptors?.response].some(
    (manager) => manager?.handlers?.every((handler: unknown) => handler === null) !== true,
  );
}

function textsOf(headers: InternalAxiosRequestConfig['headers']): WireRequest['headers'] {
  return headers.toJSON() as WireRequest['headers'];
}

/** Adds the headers that the `HttpService` has by default. Names are compared without case. */
function joined(own: WireRequest['headers'], defaults: WireRequest['headers']): WireRequest['headers'] {
  const names = new Set(Object.keys(own).map((name) => name.toLowerCase()));
  const headers = { ...own };
  for (const name in defaults) if (!names.has(name.toLowerCase())) headers[name] = defaults[name]!;
  return headers;
}

/** The transport that the module creates, and therefore closes. A transport from the application is not closed. */
export class ModuleTransport extends HttpServiceTransport {}
