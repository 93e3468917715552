import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** What is to be called when a connection ends: one listener a connection, however many replies wait on it. */
const onEnd = new WeakMap<Socket, Set<() => void>>();

/**
 * Calls back once when a reply has been sent, or its connection is gone. A reply that waits behind another one of its
 * connection is not told of the end by node:http, hence both.
 */
export function whenOver(response: ServerResponse, socket: Socket, callback: () => void): void {
  const waiting = onEnd.get(socket) ?? waitFor(socket);
  const end = () => {
    if (waiting.delete(end)) callback();
  };
  waiting.add(end);
  response.once('close', end);
}

function waitFor(socket: Socket): Set<() => void> {
  const waiting = new Set<() => void>();
  onEnd.set(socket, waiting);
  socket.once('close', () => {
    for (const end of waiting) end();
  });
  return waiting;
}
