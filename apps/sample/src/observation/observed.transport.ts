import type { UpstreamTransport, WireReply, WireRequest } from '@identity-verify/nestjs';
import { currentTimeline } from './call.timeline.js';

/** A transport that reports how long each attempt took, and looks at nothing that it carries. */
export class ObservedTransport implements UpstreamTransport {
  constructor(private readonly inner: UpstreamTransport) {}

  async send(request: WireRequest, signal: AbortSignal): Promise<WireReply> {
    const started = performance.now();
    try {
      return await this.inner.send(request, signal);
    } finally {
      currentTimeline()?.add('call', performance.now() - started);
    }
  }

  close(): void {
    this.inner.close?.();
  }
}
