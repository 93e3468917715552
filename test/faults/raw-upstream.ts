import { createServer, type AddressInfo, type Socket } from 'node:net';

/** A raw TCP upstream: a test controls every byte. */
export interface RawUpstream {
  readonly url: string;
  /** Requests whose head was received. */
  readonly requests: () => number;
  readonly connections: () => number;
  close(): Promise<void>;
}

/** The behaviour of a connection. */
export interface RawBehaviour {
  /** Called on each new connection. */
  readonly onConnect?: (socket: Socket) => void;
  /** Called when the head of a request is complete; `nth` counts all requests from 1. */
  readonly onRequest?: (socket: Socket, nth: number) => void;
}

export const MATCH_BODY = '{"code":"10000","message":"成功","data":{"state":"1"},"seqNo":"SEQ0000001"}';

let replies = 0;
const nextSeqNo = () => `SEQ-${++replies}`;

/** A complete, valid match reply with a new seqNo. */
export function matchReply(...headers: string[]): string {
  return stateReply('1', nextSeqNo(), ...headers);
}

/** A complete, valid reply with this state. */
export function stateReply(state: string, seqNo: string = nextSeqNo(), ...headers: string[]): string {
  const body = MATCH_BODY.replace('"state":"1"', `"state":"${state}"`).replace('SEQ0000001', seqNo);
  return [
    'HTTP/1.1 200 OK',
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...headers,
    '',
    body,
  ].join('\r\n');
}

/** Listens on a free port of the loopback interface. */
export async function startRawUpstream({ onConnect, onRequest }: RawBehaviour): Promise<RawUpstream> {
  let requests = 0;
  let connections = 0;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    connections++;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined); // clients reset connections on purpose
    onConnect?.(socket);
    let head = '';
    socket.on('data', (chunk) => {
      head += chunk.toString('latin1');
      if (!head.includes('\r\n\r\n')) return;
      head = '';
      requests++;
      onRequest?.(socket, requests);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests: () => requests,
    connections: () => connections,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
