import { SpanStatusCode } from '@opentelemetry/api';
import { WireFailure, type UpstreamTransport, type WireReply, type WireRequest } from '../upstream/transport.port.js';
import type { Telemetry } from './telemetry.js';

/** Adds a span around each attempt of another transport. The span contains nothing of the request or the reply. */
export class TracedTransport implements UpstreamTransport {
  readonly #inner: UpstreamTransport;
  readonly #telemetry: Telemetry;

  constructor(inner: UpstreamTransport, telemetry: Telemetry) {
    this.#inner = inner;
    this.#telemetry = telemetry;
  }

  async send(request: WireRequest, signal: AbortSignal): Promise<WireReply> {
    const span = this.#telemetry.startAttempt(request.url);
    try {
      const reply = await this.#inner.send(request, signal);
      this.#telemetry.harmless(() => span.setAttribute('http.response.status_code', reply.status));
      return reply;
    } catch (error) {
      const type = error instanceof WireFailure ? (error.systemCode ?? error.reason) : '_OTHER';
      this.#telemetry.harmless(() =>
        span.setAttribute('error.type', type).setStatus({ code: SpanStatusCode.ERROR, message: type }),
      );
      throw error;
    } finally {
      this.#telemetry.harmless(() => span.end());
    }
  }
}
