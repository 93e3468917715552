import { GATEWAY_HEADERS, GATEWAY_ROWS, type GatewayRowId } from '@identity-verify/contract';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { SeededRandom } from '../namespace/seeded-random.js';
import { rawReply } from '../wire/raw-reply.js';
import type { ConnectionTracker } from '../support/connection.tracker.js';

/** The errors of node:http for requests that it cannot parse, with the gateway row and status of each. */
const ROWS: Readonly<Record<string, readonly [GatewayRowId, number]>> = {
  HPE_HEADER_OVERFLOW: ['invalid-request-body', 413],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: ['invalid-request-body', 413],
  ERR_HTTP_REQUEST_TIMEOUT: ['invalid-request-body', 400],
};
const OTHERS = ['invalid-url', 400] as const;

const REASONS: Readonly<Record<number, string>> = { 400: 'Bad Request', 404: 'Not Found', 413: 'Payload Too Large' };

/** Answers a request that is not valid HTTP with a gateway row, and closes the connection. */
export function answerClientErrors(
  server: Server,
  requestIds: SeededRandom,
  connections: ConnectionTracker,
  onRefused: () => void,
): void {
  const refused = new WeakSet<Duplex>();
  const refuse = (socket: Duplex, rowId: GatewayRowId, status: number) => {
    // Further data on this connection is read and discarded, because a reset could arrive before the reply.
    if (refused.has(socket)) return;
    const row = GATEWAY_ROWS.find(({ id }) => id === rowId);
    if (!socket.writable || !row) {
      socket.destroy();
      return;
    }
    refused.add(socket);
    onRefused();
    const headers = {
      Connection: 'close',
      [GATEWAY_HEADERS.requestId]: requestIds.requestId(),
      [GATEWAY_HEADERS.errorMessage]: row.message,
      'Content-Length': 0,
    };
    socket.end(rawReply(`${status} ${REASONS[status] ?? 'Bad Request'}`, headers));
    socket.resume();
  };
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    const { code = '' } = error;
    // No reply if the client is gone or TLS failed, or if the request already has one.
    const isRequest = code.startsWith('HPE_') || code === 'ERR_HTTP_REQUEST_TIMEOUT';
    if (!isRequest || connections.isAnswered(socket)) socket.destroy();
    else refuse(socket, ...(ROWS[code] ?? OTHERS));
  });
  server.on('connect', (_request, socket) => refuse(socket, 'api-not-found', 404));
}
