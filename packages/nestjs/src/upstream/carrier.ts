import { Stop, type StopSignal } from './stop.js';
import type { UpstreamTransport, WireReply, WireRequest } from './transport.port.js';

/** The method of a transport of this package that takes a {@link StopSignal}. */
export const CARRY = Symbol('carry');

/** How a request is given to a transport. */
export interface Carrier {
  /** Like `UpstreamTransport.send`, with a signal that costs next to nothing. */
  carry(request: WireRequest, stop: StopSignal): Promise<WireReply>;
}

/** A transport of this package. */
export interface CarryingTransport extends UpstreamTransport {
  [CARRY](request: WireRequest, stop: StopSignal): Promise<WireReply>;
}

/**
 * Returns what carries requests over a transport. One of this package takes the signal as it is. A transport of the
 * application gets an `AbortSignal`, and so does one of this package whose `send` is overridden or replaced: what the
 * application puts there sees every request.
 */
export function carrierOf(transport: UpstreamTransport): Carrier {
  const ownSend = sendBeside(transport);
  return {
    carry: (request, stop) =>
      ownSend !== undefined && transport.send === ownSend
        ? (transport as CarryingTransport)[CARRY](request, stop)
        : send(transport, request, stop),
  };
}

/** Carries a request until an `AbortSignal` aborts. */
export async function carryUntil(
  signal: AbortSignal,
  carry: (stop: StopSignal) => Promise<WireReply>,
): Promise<WireReply> {
  const stop = new Stop();
  const abort = () => stop.stop('abandoned');
  if (signal.aborted) abort();
  else signal.addEventListener('abort', abort, { once: true });
  try {
    return await carry(stop);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** Returns the `send` of the class that defines `CARRY`. */
function sendBeside(transport: UpstreamTransport): unknown {
  for (let owner: object | null = transport; owner; owner = Object.getPrototypeOf(owner) as object | null) {
    if (Object.hasOwn(owner, CARRY)) return Reflect.get(owner, 'send');
  }
  return undefined;
}

/** `async`, so that a transport of the application that throws has failed like any other. */
async function send(transport: UpstreamTransport, request: WireRequest, stop: StopSignal): Promise<WireReply> {
  return transport.send(request, abortSignalOf(stop));
}

function abortSignalOf(stop: StopSignal): AbortSignal {
  const controller = new AbortController();
  if (stop.isStopped) controller.abort();
  else stop.onStop(() => controller.abort());
  return controller.signal;
}
