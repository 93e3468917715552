import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';

/** Resets a TCP connection. Node cannot send a reset under TLS, so a TLS connection is destroyed instead. */
export function resetConnection(socket: Socket): void {
  if (socket instanceof TLSSocket) socket.destroy();
  else socket.resetAndDestroy();
}
