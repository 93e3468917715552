import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { SetTimer } from '../support/timer.js';

/** The input of a fault. */
export interface FaultContext {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly socket: Socket;
  /** The body of a well-formed match, which a client must not accept. */
  readonly match: string;
  /** `X-Ca-Request-Id`, for faults that send headers. */
  readonly requestId: string;
  readonly setTimer: SetTimer;
  /** Marks the connection as held without a reply, so that closing the server does not wait for it. */
  readonly hold: () => void;
  /** An absolute URL under another host name. Requests to it are recorded as trap entries. */
  readonly trapUrl: () => string;
}

/** The implementation of a transport fault. */
export interface FaultPlay {
  /** The HTTP status that the client receives; null if it receives none. */
  readonly httpStatus: number | null;
  readonly play: (context: FaultContext) => void;
}
