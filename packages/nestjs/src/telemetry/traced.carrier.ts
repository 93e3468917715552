import { SpanStatusCode, type Span } from '@opentelemetry/api';
import type { Carrier } from '../upstream/carrier.js';
import type { StopSignal } from '../upstream/stop.js';
import { WireFailure, type WireReply, type WireRequest } from '../upstream/transport.port.js';
import type { Telemetry } from './telemetry.js';

/** Adds a span around each attempt. The span contains nothing of the request or the reply. */
export class TracedCarrier implements Carrier {
  readonly #inner: Carrier;
  readonly #telemetry: Telemetry;

  constructor(inner: Carrier, telemetry: Telemetry) {
    this.#inner = inner;
    this.#telemetry = telemetry;
  }

  carry(request: WireRequest, stop: StopSignal): Promise<WireReply> {
    const span = this.#telemetry.startAttempt(request.url);
    if (this.#telemetry.harmless(() => span.isRecording()) ?? true) return this.#traced(span, request, stop);
    // Nobody hears when it ends.
    this.#telemetry.harmless(() => span.end());
    return this.#inner.carry(request, stop);
  }

  async #traced(span: Span, request: WireRequest, stop: StopSignal): Promise<WireReply> {
    try {
      const reply = await this.#inner.carry(request, stop);
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
