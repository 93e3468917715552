import { Worker } from 'node:worker_threads';

/** An upstream in a thread of its own, which closes each connection right after its first reply. */
export interface ClosingUpstream {
  readonly url: string;
  /** Blocks this thread, and with it the event loop, until the connection of the last reply has been closed. */
  blockUntilClosed(): void;
  /** Requests that have arrived. */
  requests(): number;
  close(): Promise<void>;
}

const CLOSED = 0;
const REQUESTS = 1;

// Plain JavaScript: a worker cannot load TypeScript.
const PROGRAM = `
const { createServer } = require('node:net');
const { parentPort, workerData } = require('node:worker_threads');
const counters = new Int32Array(workerData);
const server = createServer((socket) => {
  socket.on('error', () => undefined);
  socket.once('data', () => {
    const nth = Atomics.add(counters, ${REQUESTS}, 1) + 1;
    const body = JSON.stringify({ code: '10000', message: '成功', data: { state: '1' }, seqNo: 'CLOSING_' + nth });
    const head = ['HTTP/1.1 200 OK', 'Content-Type: application/json', 'Content-Length: ' + Buffer.byteLength(body), '', ''];
    socket.write(head.join('\\r\\n') + body);
    // The main thread asks for the close, so that it has read the reply by then.
    parentPort.once('message', () => socket.end(() => {
      Atomics.add(counters, ${CLOSED}, 1);
      Atomics.notify(counters, ${CLOSED});
    }));
  });
});
server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));
`;

export async function startClosingUpstream(): Promise<ClosingUpstream> {
  const memory = new SharedArrayBuffer(8);
  const counters = new Int32Array(memory);
  const worker = new Worker(PROGRAM, { eval: true, workerData: memory });
  const port = await new Promise<number>((resolve, reject) => {
    worker.once('message', resolve).once('error', reject);
  });
  return {
    url: `http://127.0.0.1:${port}`,
    blockUntilClosed: () => {
      const closed = Atomics.load(counters, CLOSED);
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has no origin
      worker.postMessage('close');
      if (Atomics.wait(counters, CLOSED, closed, 5_000) === 'timed-out') throw new Error('nothing was closed');
    },
    requests: () => Atomics.load(counters, REQUESTS),
    close: async () => void (await worker.terminate()),
  };
}
