import { once } from 'node:events';
import { io } from 'socket.io-client';
import { WebSocket } from 'ws';

/** Sends the message `enrol`. @returns the event that answers it */
export interface SocketClient {
  ask(data: unknown): Promise<{ event: string; data: unknown }>;
  close(): void;
}

/** A native WebSocket client, for `@nestjs/platform-ws`. */
export async function openWs(url: string): Promise<SocketClient> {
  const socket = new WebSocket(url.replace('http', 'ws'));
  await once(socket, 'open');
  return {
    async ask(data) {
      const answered = once(socket, 'message') as Promise<[Buffer]>;
      socket.send(JSON.stringify({ event: 'enrol', data }));
      return JSON.parse(String((await answered)[0])) as { event: string; data: unknown };
    },
    close: () => socket.terminate(),
  };
}

/** A client of `@nestjs/platform-socket.io`. */
export async function openSocketIo(url: string): Promise<SocketClient> {
  const socket = io(url, { transports: ['websocket'], reconnection: false });
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('connect_error', reject));
  return {
    ask: (data) =>
      new Promise((resolve) => {
        socket.onAny((event: string, payload: unknown) => {
          socket.offAny();
          resolve({ event, data: payload });
        });
        socket.emit('enrol', data);
      }),
    close: () => void socket.disconnect(),
  };
}
