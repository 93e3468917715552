import type { ProblemDetails } from './problem-details.js';

/** A client of `@nestjs/platform-socket.io`, or of `@nestjs/platform-ws`. Neither is a dependency of this package. */
export interface WebSocketClient {
  emit(event: string, payload: unknown): unknown;
  /** The state of a native WebSocket; 1 is open. Socket.IO has none. */
  readonly readyState?: number;
  send?(data: string): unknown;
}

const OPEN = 1;

/**
 * Answers a message as Nest answers with a `WsException`: an `exception` event with `status: 'error'` and `message`,
 * and beside them the problem. To a native WebSocket it is sent as `{ event, data }`, because `emit` tells only this
 * process. Never throws: under Nest 11 what a filter throws ends the process.
 */
export function emitException(client: WebSocketClient, problem: ProblemDetails): void {
  const { status: httpStatus, ...rest } = problem;
  const payload = { ...rest, status: 'error', message: problem.title, httpStatus };
  if (typeof client.readyState !== 'number' || !client.send) {
    client.emit('exception', payload);
  } else if (client.readyState === OPEN) {
    client.send(JSON.stringify({ event: 'exception', data: payload }));
  }
}
