import type { ProblemDetails } from './problem-details.js';

/** A client of `@nestjs/platform-socket.io` or `@nestjs/platform-ws`. Neither is a dependency of this package. */
export interface WebSocketClient {
  emit(event: string, payload: unknown): unknown;
  /** The state of a native WebSocket; 1 is open. Absent in Socket.IO. */
  readonly readyState?: number;
  send?(data: string): unknown;
}

const OPEN = 1;

/**
 * Answers a message as Nest answers a `WsException`: with an `exception` event that contains `status: 'error'`,
 * `message`, and the problem. A native WebSocket gets it as `{ event, data }`, because its `emit` notifies this process
 * only. Never throws: under Nest 11 an error in a filter ends the process.
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
