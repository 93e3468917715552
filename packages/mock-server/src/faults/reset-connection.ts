import type { Socket } from 'node:net';
import { isTls } from '../support/is-tls.js';

/** Resets a TCP connection. Node cannot send a reset under TLS, so a TLS connection is destroyed instead. */
export function resetConnection(socket: Socket): void {
  if (isTls(socket)) socket.destroy();
  else socket.resetAndDestroy();
}
