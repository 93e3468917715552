import type { IncomingMessage } from 'node:http';

/**
 * Reads a whole request body, at most `limitBytes` of it. Calls back once, with undefined when the body is longer;
 * never when the client goes away, since then nobody waits for a reply.
 */
export function readBody(request: IncomingMessage, limitBytes: number, done: (body: Buffer | undefined) => void): void {
  let chunks: Buffer[] | undefined = [];
  let length = 0;
  request.on('data', (chunk: Buffer) => {
    if (!chunks) return;
    length += chunk.length;
    if (length > limitBytes) {
      // The rest is read and dropped, so that the reply is not lost in a reset.
      chunks = undefined;
      done(undefined);
    } else {
      chunks.push(chunk);
    }
  });
  request.on('end', () => {
    const [only] = chunks ?? [];
    if (chunks) done(only && chunks.length === 1 ? only : Buffer.concat(chunks));
  });
  // A client that goes away raises an error here; without a listener it would end the process.
  request.on('error', () => undefined);
}
