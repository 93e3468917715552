import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { ENDPOINT } from '@identity-verify/contract';
import { defaultAppSecret, startMockServer, type MockServer } from '@identity-verify/mock-server';
import { exchange, formOf, PERSON, startMock } from './support.js';

// Long enough for a busy machine; a hang still fails.
jest.setTimeout(60_000);

interface VendorClient {
  post(
    url: string,
    options: {
      data: Record<string, string>;
      headers?: Record<string, string>;
      signHeaders?: Record<string, string>;
      query?: Record<string, string>;
    },
  ): Promise<unknown>;
}

/** Written by others against the real gateway, so it is independent of the mock. */
const { Client, SimpleClient } = createRequire(import.meta.url)('aliyun-api-gateway') as {
  Client: new (key: string, secret: string) => VendorClient;
  SimpleClient: new (appCode: string) => VendorClient;
};

const FORM = Object.fromEntries(formOf(PERSON));
const HEADERS = { 'content-type': ENDPOINT.contentType };
const MATCH = { code: '10000', data: { state: '1' } };

let mock: MockServer;
beforeAll(async () => {
  mock = await startMockServer({ port: 0, apps: [{ appKey: 'k', appSecret: 'the secret'.replace(' ', '-') }] });
});
afterAll(() => mock.close());

describe('the vendor’s own client', () => {
  const url = () => mock.url + ENDPOINT.path;

  it('is answered with an AppCode, although it sends its form without a Content-Type', async () => {
    const client = new SimpleClient('simple');
    expect(await client.post(url(), { data: FORM, headers: HEADERS })).toMatchObject(MATCH);
    expect(mock.namespace('simple').journal()).toMatchObject([{ channel: 'appcode', decidedBy: 'population' }]);
  });

  it('is answered with a signature', async () => {
    mock.namespace({ appKey: 'k' }).reset();
    const client = new Client('k', 'the-secret');
    expect(await client.post(url(), { data: FORM, headers: HEADERS })).toMatchObject(MATCH);
    expect(
      await client.post(url(), { data: FORM, headers: HEADERS, signHeaders: { 'X-Extra': 'signed, too' } }),
    ).toMatchObject(MATCH);
    expect(await client.post(url(), { data: FORM, headers: HEADERS, query: { a: '', b: '值' } })).toMatchObject(MATCH);
    await mock.namespace({ appKey: 'k' }).verify({ match: { scenario: 'match' }, times: 3 });
  });

  it('is refused with another secret, and gets the string to sign without the person', async () => {
    const refused = new Client('k', 'wrong').post(url(), { data: FORM, headers: HEADERS });
    const told = await refused.then(String, (error: Error) => error.message.split('error message: ')[1]);
    expect(told).toMatch(/^Invalid Signature, Server StringToSign:POST#application\/json##/);
    expect(told).not.toMatch(new RegExp(`${PERSON.idCard}|${PERSON.mobile}`));
  });

  it('is refused with another AppKey', async () => {
    await expect(new Client('nobody', 'the-secret').post(url(), { data: FORM, headers: HEADERS })).rejects.toThrow(
      /Invalid AppKey/,
    );
  });

  it('is refused when it sends JSON, even with a valid signature', async () => {
    await expect(new Client('k', 'the-secret').post(url(), { data: FORM })).rejects.toThrow(/Invalid Param Location/);
  });
});

describe('a signed request of the vendor’s client with one field changed', () => {
  let genuine: { line: string; headers: [string, string][]; body: string };

  /** Signs with the vendor's client, and captures the bytes that it sends. */
  beforeAll(async () => {
    const { createServer } = await import('node:http');
    genuine = await new Promise((resolve) => {
      const recorder = createServer((request, response) => {
        let body = '';
        request.on('data', (chunk: Buffer) => (body += chunk.toString('latin1')));
        request.on('end', () => {
          const headers: [string, string][] = [];
          for (let i = 0; i < request.rawHeaders.length; i += 2)
            headers.push([request.rawHeaders[i] ?? '', request.rawHeaders[i + 1] ?? '']);
          response.end('{}');
          recorder.close(() => resolve({ line: `${request.method} ${request.url} HTTP/1.1`, headers, body }));
        });
      });
      recorder.listen(0, '127.0.0.1', () => {
        const { port } = recorder.address() as { port: number };
        void new Client('k', 'the-secret').post(`http://127.0.0.1:${port}${ENDPOINT.path}?q=1`, {
          data: FORM,
          headers: { ...HEADERS, date: 'today' },
        });
      });
    });
  });

  const send = async (change: Partial<typeof genuine>) => {
    mock.namespace({ appKey: 'k' }).reset();
    const { line, headers, body } = { ...genuine, ...change };
    const lines = headers
      .filter(([name]) => !/^(content-length|connection)$/i.test(name))
      .map(([name, value]) => `${name}: ${value}`);
    const head = [line, ...lines, `Content-Length: ${body.length}`, 'Connection: close'].join('\r\n');
    const { received } = await exchange(mock.port, Buffer.from(`${head}\r\n\r\n${body}`, 'latin1'));
    return {
      status: Number(received.toString('latin1').slice(9, 12)),
      message: /X-Ca-Error-Message: ([^\r]*)/.exec(received.toString('utf8'))?.[1],
    };
  };
  const withHeader = (name: string, change: (value: string) => string) =>
    genuine.headers.map(([key, value]): [string, string] => [key, key.toLowerCase() === name ? change(value) : value]);

  it('is accepted unchanged', async () => {
    expect(await send({})).toEqual({ status: 200, message: undefined });
  });

  it.each([
    'x-ca-key',
    'x-ca-timestamp',
    'x-ca-nonce',
    'x-ca-stage',
    'x-ca-signature',
    'accept',
    'content-type',
    'date',
  ])('is refused with another %s', async (name) => {
    const changed = withHeader(name, (value) =>
      name === 'content-type' ? value.replace('UTF-8', 'utf-8') : value.replace(/.$/, (c) => (c === '0' ? '1' : '0')),
    );
    expect(changed).not.toEqual(genuine.headers);
    expect(await send({ headers: changed })).toMatchObject({
      status: 400,
      message: expect.stringMatching(/^Invalid (Signature|AppKey)/) as unknown,
    });
  });

  it.each([
    'x-ca-key',
    'x-ca-timestamp',
    'x-ca-nonce',
    'x-ca-stage',
    'x-ca-signature',
    'x-ca-signature-headers',
    'accept',
    'content-type',
    'date',
  ])('is refused without its %s', async (name) => {
    const headers = genuine.headers.filter(([key]) => key.toLowerCase() !== name);
    const { status, message } = await send({ headers });
    expect([400, 401]).toContain(status);
    expect(message).toMatch(/^(Invalid Signature|Invalid AppKey|Empty Signature)/);
  });

  it.each([
    ['query', { line: `POST ${ENDPOINT.path}?q=2 HTTP/1.1` }],
    ['a query more', { line: `POST ${ENDPOINT.path}?q=1&r HTTP/1.1` }],
    ['no query', { line: `POST ${ENDPOINT.path} HTTP/1.1` }],
  ])('is refused with another %s', async (_, change) => {
    expect(await send(change)).toMatchObject({
      status: 400,
      message: expect.stringMatching(/^Invalid Signature/) as unknown,
    });
  });

  it.each(['name', 'idcard', 'mobile'])('is refused with another %s', async (field) => {
    const body = new URLSearchParams(genuine.body);
    body.set(field, `${body.get(field)}1`);
    expect(await send({ body: body.toString() })).toMatchObject({
      status: 400,
      message: expect.stringMatching(/^Invalid Signature/) as unknown,
    });
  });

  it('is refused when the list of signed headers omits one or changes its case', async () => {
    const fewer = withHeader('x-ca-signature-headers', (value) => value.split(',').slice(1).join(','));
    expect(await send({ headers: fewer })).toMatchObject({
      message: expect.stringMatching(/^Invalid Signature/) as unknown,
    });
    const upper = withHeader('x-ca-signature-headers', (value) => value.toUpperCase());
    expect(await send({ headers: upper })).toMatchObject({
      message: expect.stringMatching(/^Invalid Signature/) as unknown,
    });
  });

  it('is refused the second time, and after 15 minutes', async () => {
    const twice = [await send({}), mock.namespace({ appKey: 'k' })];
    expect(twice[0]).toMatchObject({ status: 200 });
    const again = await sendAgain();
    expect(again).toBe('Nonce Used');
    mock.namespace({ appKey: 'k' }).advanceClock(15 * 60_000 + 60_000);
    expect(await sendAgain()).toBe('Timestamp Expired');
  });

  const sendAgain = async () => {
    const lines = genuine.headers
      .filter(([name]) => !/^(content-length|connection)$/i.test(name))
      .map(([name, value]) => `${name}: ${value}`);
    const head = [genuine.line, ...lines, `Content-Length: ${genuine.body.length}`, 'Connection: close'].join('\r\n');
    const { received } = await exchange(mock.port, Buffer.from(`${head}\r\n\r\n${genuine.body}`, 'latin1'));
    return /X-Ca-Error-Message: ([^\r]*)/.exec(received.toString('utf8'))?.[1];
  };
});

describe('without a list of apps', () => {
  it('every AppKey is accepted with the secret derived from it', async () => {
    const open = await startMock();
    const client = new Client('worker-7', defaultAppSecret('worker-7'));
    expect(await client.post(open.url + ENDPOINT.path, { data: FORM, headers: HEADERS })).toMatchObject(MATCH);
  });
});
