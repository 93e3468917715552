import { TEST_POPULATION } from '@identity-verify/contract';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { UpstreamTransport } from '@identity-verify/nestjs';
import axios, { type AxiosAdapter, type AxiosInstance } from 'axios';
import type { Socket } from 'node:net';
import { matchReply, startRawUpstream, type RawBehaviour } from './raw-upstream.js';
import { INTERCEPTED, openClientOn, overAxios, TRANSPORTS } from './transports.js';

const [person] = TEST_POPULATION;
const opened: { close(): Promise<unknown> }[] = [];
afterEach(() => Promise.all(opened.splice(0).map((resource) => resource.close())));

async function ask(behaviour: RawBehaviour, open: Parameters<typeof openClientOn>[0]) {
  const upstream = await startRawUpstream(behaviour);
  const client = await openClientOn(open, {
    baseUrl: upstream.url,
    credentials: { appCode: 'carriage' },
    deadlineMs: 20_000, // so long that no busy machine reaches it
    retry: { baseMs: 1 },
  });
  opened.push(client, upstream);
  const seen = await client.service.verify(person, { maxAgeMs: 0 }).then(
    ({ outcome }) => outcome,
    ({ code, billed }: { code: string; billed: string }) => `${code} ${billed}`,
  );
  return { seen, requests: upstream.requests() };
}

const CONTINUE = 'HTTP/1.1 100 Continue\r\n\r\n';
const byByte = (socket: Socket, text: string, at = 0): void =>
  void socket.write(
    text.slice(at, at + 1),
    () => at + 1 < text.length && setImmediate(() => byByte(socket, text, at + 1)),
  );

describe.each([...TRANSPORTS, INTERCEPTED])('%s: unsolicited informational replies', (_name, open) => {
  it.each([
    ['a 100', CONTINUE],
    [
      'a 100 of HTTP/1.0 form',
      CONTINUE.replace('1.1', '1.0').replace('\r\n\r\n', '\r\nConnection: keep-alive\r\n\r\n'),
    ],
    ['an empty line and a 100', `\r\n${CONTINUE}`],
    [
      'a 103, a 100 and a 102',
      `HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n${CONTINUE}HTTP/1.1 102 Processing\r\n\r\n`,
    ],
    ['eight 100s', CONTINUE.repeat(8)],
  ])('accepts the reply after %s', async (_what, before) => {
    const whole = await ask({ onRequest: (socket) => void socket.write(before + matchReply()) }, open);
    const cut = await ask({ onRequest: (socket) => byByte(socket, before + matchReply()) }, open);
    expect([whole.seen, cut.seen]).toEqual(['match', 'match']);
  });

  it.each([
    ['nine 100s', CONTINUE.repeat(9)],
    ['a 101 that switches nothing', 'HTTP/1.1 101 Switching Protocols\r\n\r\n'],
  ])('leaves the call in doubt after %s', async (_what, before) => {
    const { seen, requests } = await ask({ onRequest: (socket) => void socket.write(before + matchReply()) }, open);
    expect([seen, requests]).toEqual(['IDV_CONNECTION_LOST unknown', 1]);
  });
});

describe('HttpServiceTransport: adapters and interceptors of an HttpService', () => {
  const answering: RawBehaviour = { onRequest: (socket) => void socket.write(matchReply()) };
  const LOST = 'IDV_CONNECTION_LOST unknown';
  const failing: AxiosAdapter = () => Promise.reject(new Error('lost'));

  it('does not use the adapter of the HttpService', async () => {
    const { seen, requests } = await ask(answering, () => overAxios(axios.create({ adapter: failing })));
    expect([seen, requests]).toEqual(['match', 1]);
  });

  it('leaves a call in doubt, without a retry, when an interceptor set its adapter', async () => {
    const http = axios.create();
    http.interceptors.request.use((config) => Object.assign(config, { adapter: failing }));
    expect(await ask(answering, () => overAxios(http))).toEqual({ seen: LOST, requests: 0 });
  });

  it('sends a call once when an interceptor retries it', async () => {
    const http = axios.create();
    http.interceptors.request.use((config) => {
      http.interceptors.response.use(undefined, () => http.request(config));
      return config;
    });
    const { seen, requests } = await ask({ onRequest: (socket) => socket.resetAndDestroy() }, () => overAxios(http));
    expect([seen, requests]).toEqual([LOST, 1]);
  });

  it.each([
    ['without', () => undefined],
    ['with', (http: AxiosInstance) => http.interceptors.request.use((config) => config)],
    [
      'with an ejected one of its',
      (http: AxiosInstance) => {
        http.interceptors.request.eject(http.interceptors.request.use((config) => config));
      },
    ],
  ])(
    'sends the default headers of the HttpService, but not in the place of its own, %s interceptors',
    async (_how, set) => {
      const http = axios.create({
        headers: { common: { 'X-App': 'app' }, AUTHORIZATION: 'other', accept: 'text/html' },
      });
      set(http);
      const heads: string[] = [];
      const answer = (socket: Socket) => {
        socket.once('data', (chunk) => heads.push(chunk.toString('latin1').split('\r\n\r\n')[0]!.toLowerCase()));
      };
      const { seen } = await ask({ ...answering, onConnect: answer }, () => overAxios(http));
      expect(seen).toBe('match');
      const lines = heads[0]!
        .split('\r\n')
        .slice(1)
        .filter((line) => !/^(host|connection|content-length):/.test(line));
      expect(lines.sort()).toEqual([
        'accept-encoding: identity',
        'accept: application/json',
        'authorization: appcode carriage',
        'content-type: application/x-www-form-urlencoded; charset=utf-8',
        'x-app: app',
      ]);
    },
  );

  it('takes the reply of a function in the place of axios', async () => {
    const http = axios.create();
    const { request } = http;
    const configs: unknown[] = [];
    http.request = ((config: object) => (configs.push(config), request(config))) as typeof request;
    expect((await ask(answering, () => overAxios(http))).seen).toBe('match');
    expect(configs).toHaveLength(1);
  });

  it('runs the interceptors on the request and the reply', async () => {
    const http = axios.create();
    const seen: unknown[] = [];
    http.interceptors.request.use((config) => (seen.push(config.method), config));
    http.interceptors.response.use((reply) => (seen.push(reply.status), reply));
    await ask(answering, () => overAxios(http));
    expect(seen).toEqual(['post', 200]);
  });
});

it.each(TRANSPORTS)('%s: does not use a proxy from the environment', async (_name, open) => {
  const proxy = await startRawUpstream({});
  opened.push(proxy);
  process.env['http_proxy'] = proxy.url;
  try {
    const { seen } = await ask({ onRequest: (socket) => void socket.write(matchReply()) }, open);
    expect([seen, proxy.connections()]).toEqual(['match', 0]);
  } finally {
    delete process.env['http_proxy'];
  }
});

it.each(TRANSPORTS)('%s: sends a request once when the dispatcher starts it twice', async (_name, open) => {
  const starts: string[] = [];
  const transport: UpstreamTransport = open({
    dispatcher: {
      dispatch: (_options, handler) => {
        for (let i = 0; i < 2; i++) {
          try {
            handler.onRequestStart?.({ abort: () => undefined } as never, {});
            starts.push('sent');
          } catch {
            starts.push('refused');
          }
        }
        return true;
      },
    },
  });
  const request = { method: 'POST', url: 'http://127.0.0.1:9/x', headers: {}, body: 'a=b' } as const;
  await expect(transport.send(request, new AbortController().signal)).rejects.toMatchObject({ phase: 'sent' });
  expect(starts).toEqual(['sent', 'refused']);
});
