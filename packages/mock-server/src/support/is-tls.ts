import type { Socket } from 'node:net';

/** Returns true for a TLS connection. A check against the class would load all of TLS, which most starts do not need. */
export function isTls(socket: Socket): boolean {
  return 'encrypted' in socket && socket.encrypted === true;
}
