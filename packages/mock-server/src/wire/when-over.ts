import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** The callbacks for the end of each connection: one listener per connection, however many replies wait on it. */
const onEnd = new WeakMap<Socket, Set<() => void>>();

/**
 * Calls back once when a reply has been sent or its connection has closed. node:http does not report the close to a
 * reply that is queued behind another one, so both events are needed.
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
