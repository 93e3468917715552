import { once } from 'node:events';
import { Agent, createServer, request as call, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, jest } from '@jest/globals';
import { bytesOf, sendWhole } from './whole-reply.js';

/** Answers one request by {@link sendWhole}. @returns the writes to the socket, and the reply as the client reads it */
async function answer(method: string, headers: Record<string, string>, sent: string[] = [], body = '') {
  let written: string[] = [];
  let events: string[] = [];
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    for (const event of ['finish', 'close']) response.on(event, () => events.push(event));
    const { socket } = request;
    const writes = [jest.spyOn(socket, 'write'), jest.spyOn(response, 'end')];
    request.resume().on('end', () => {
      sendWhole(request, response, { status: 200, headers: [...sent, 'Content-Length', `${body.length}`], body });
      written = writes.flatMap(({ mock }, index) => mock.calls.map(([chunk]) => `${index ? 'end' : 'write'} ${chunk}`));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const agent = new Agent({ keepAlive: headers['Connection'] !== 'close' });
  const { port } = server.address() as AddressInfo;
  const asking = call({ port, host: '127.0.0.1', method, headers, agent }).end();
  const [reply] = (await once(asking, 'response')) as [IncomingMessage];
  const chunks = (await reply.toArray()) as Buffer[];
  agent.destroy();
  server.close();
  await once(server, 'close');
  return { written, events, headers: reply.headers, body: Buffer.concat(chunks).toString('utf8') };
}

describe('a whole reply', () => {
  it('leaves in one write, with the body in UTF-8', async () => {
    const { written, body, headers, events } = await answer('POST', {}, ['X-A', 'b'], bytesOf('{"message":"成功"}'));
    expect(written).toEqual([expect.stringMatching(/^write HTTP\/1\.1 200 OK\r\nX-A: b\r\n[^]*\r\n\r\n\{"message":/)]);
    expect(body).toBe('{"message":"成功"}');
    expect(headers).toMatchObject({ connection: 'keep-alive', 'keep-alive': 'timeout=5', 'x-a': 'b' });
    expect(new Date(headers.date ?? '').getTime()).not.toBeNaN();
    // node:http goes on to the next request after these two.
    expect(events).toEqual(['finish', 'close']);
  });

  it('replaces Connection and Keep-Alive by a Connection of its own', async () => {
    const { headers } = await answer('POST', {}, ['Connection', 'keep-alive']);
    expect(headers).toMatchObject({ connection: 'keep-alive' });
    expect(headers).not.toHaveProperty('keep-alive');
  });

  it.each([
    ['HEAD', {}, ''],
    ['POST', { Connection: 'close' }, 'hello'],
  ])('is written by node:http for %s with %j', async (method, headers, received) => {
    const { written, body } = await answer(method, headers, [], 'hello');
    expect(written.filter((call) => call.startsWith('end'))).toEqual(['end hello']);
    expect(body).toBe(received);
  });
});
