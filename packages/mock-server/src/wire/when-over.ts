import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Calls back once when a reply has been sent, or its connection is gone. A reply that waits behind another one of its
 * connection is not told of the end by node:http, hence both.
 */
export function whenOver(response: ServerResponse, socket: Socket, callback: () => void): void {
  const end = () => {
    response.off('close', end);
    socket.off('close', end);
    callback();
  };
  response.once('close', end);
  socket.once('close', end);
}
