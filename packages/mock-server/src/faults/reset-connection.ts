import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';

/**
 * Ends a connection with a TCP reset and nothing before it. `resetAndDestroy()` sends a FIN first (seen on Node 20),
 * which a client may take for an orderly end; the flag that it sets makes `destroy()` send the reset alone. Under TLS
 * there is no reset: the connection just breaks off.
 */
export function resetConnection(socket: Socket): void {
  if (!(socket instanceof TLSSocket)) Object.assign(socket, { resetAndClosing: true });
  socket.destroy();
}
