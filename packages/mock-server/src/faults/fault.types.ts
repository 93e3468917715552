import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { SetTimer } from '../support/timer.js';

/** What a fault has to work with. */
export interface FaultContext {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly socket: Socket;
  /** The body of a well-formed match: what a client must not be led to believe in. */
  readonly match: string;
  /** `X-Ca-Request-Id`, for faults that come far enough to send headers. */
  readonly requestId: string;
  readonly setTimer: SetTimer;
  /** Marks the connection as one that will never be answered: closing the server does not wait for it. */
  readonly hold: () => void;
  /** An absolute URL on another host name where whatever arrives is recorded. */
  readonly trapUrl: () => string;
}

/** One transport fault as the mock plays it. */
export interface FaultPlay {
  /** HTTP status that reaches the client, null when none does. */
  readonly httpStatus: number | null;
  readonly play: (context: FaultContext) => void;
}
