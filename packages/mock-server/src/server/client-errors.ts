import { GATEWAY_HEADERS, GATEWAY_ROWS, type GatewayRowId } from '@identity-verify/contract';
import type { Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { SeededRandom } from '../namespace/seeded-random.js';
import { rawReply } from '../wire/raw-reply.js';

/** What node:http calls a request that it cannot read, and the gateway's row and status for it. */
const ROWS: Readonly<Record<string, readonly [GatewayRowId, number]>> = {
  HPE_HEADER_OVERFLOW: ['invalid-request-body', 413],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: ['invalid-request-body', 413],
  ERR_HTTP_REQUEST_TIMEOUT: ['invalid-request-body', 400],
};
const OTHERS = ['invalid-url', 400] as const;

const REASONS: Readonly<Record<number, string>> = { 400: 'Bad Request', 404: 'Not Found', 413: 'Payload Too Large' };

/** Answers what is not even HTTP with a row of the gateway, like everything else, and closes the connection. */
export function answerClientErrors(server: Server, requestIds: SeededRandom, onRefused: () => void): void {
  const refuse = (socket: Duplex, rowId: GatewayRowId, status: number) => {
    const row = GATEWAY_ROWS.find(({ id }) => id === rowId);
    if (!socket.writable || !row) {
      socket.destroy();
      return;
    }
    onRefused();
    const headers = {
      Connection: 'close',
      [GATEWAY_HEADERS.requestId]: requestIds.requestId(),
      [GATEWAY_HEADERS.errorMessage]: row.message,
      'Content-Length': 0,
    };
    socket.end(rawReply(`${status} ${REASONS[status] ?? 'Bad Request'}`, headers));
  };
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    // A client that is gone wants no answer.
    if (error.code === 'ECONNRESET') socket.destroy();
    else refuse(socket, ...(ROWS[error.code ?? ''] ?? OTHERS));
  });
  server.on('connect', (_request, socket) => refuse(socket, 'api-not-found', 404));
}
