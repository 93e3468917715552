import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';

/** Ends a connection with a TCP reset. Under TLS Node offers no reset: there the connection just breaks off. */
export function resetConnection(socket: Socket): void {
  if (socket instanceof TLSSocket) socket.destroy();
  else socket.resetAndDestroy();
}
