import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { expect, it, describe, jest } from '@jest/globals';
import { ENDPOINT } from '@identity-verify/contract';
import { ask, exchange, formOf, PERSON, rawQuestion, startMock } from './support.js';

// Long enough for a busy machine; a hang still fails.
jest.setTimeout(60_000);

const TEN_YEARS_MS = 315_619_200_000;
const headEnd = (bytes: Buffer) => bytes.includes('\r\n\r\n');

/** A request head that announces a body which is never sent. */
const headOf = (line: string, headers: readonly string[], length: number) =>
  [line, 'Host: 127.0.0.1', ...headers, `Content-Length: ${length}`].join('\r\n') + '\r\n\r\n';

/** A timer that never fires, with the number of pending timers. */
function watchedTimers() {
  const pending = new Set<() => void>();
  const setTimer = (callback: () => void) => {
    pending.add(callback);
    return () => void pending.delete(callback);
  };
  return { setTimer, pending };
}

/** Waits for the other side of a connection; gives up after a number of turns of the event loop. */
const until = async (isTrue: () => boolean) => {
  for (let turn = 0; !isTrue(); turn++) {
    if (turn > 1_000_000) throw new Error('It did not come true.');
    await new Promise(setImmediate);
  }
};

async function open(port: number, bytes = ''): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  await once(socket, 'connect');
  socket.on('error', () => undefined);
  socket.resume();
  if (bytes !== '') socket.write(bytes);
  return socket;
}

describe('time', () => {
  it('stops at the year 9999, and the mock still answers', async () => {
    const mock = await startMock();
    const clock = (body: string) =>
      fetch(`${mock.url}/__admin/clock`, {
        method: 'POST',
        headers: { Authorization: 'APPCODE time', 'Content-Type': 'application/json' },
        body,
      });
    const ns = mock.namespace('time');
    let refusals = 0;
    for (let call = 0; call < 30_000; call++) {
      try {
        ns.advanceClock(TEN_YEARS_MS);
      } catch {
        refusals++;
      }
    }
    expect(refusals).toBeGreaterThan(0);
    ns.setQuota({ expiresInMs: TEN_YEARS_MS });
    expect((await ask(mock, 'time')).body.code).toBe('10000');
    const refused = await clock(`{"advanceMs":${TEN_YEARS_MS}}`);
    expect([refused.status, await refused.json()]).toMatchObject([422, { error: { code: 'clock_out_of_range' } }]);
    for (const wrong of ['1e999', '-1', '1e18', 'null', '"1"', '0.5'])
      expect((await clock(`{"advanceMs":${wrong}}`)).status).toBe(400);
    ns.reset();
    expect(ns.clockOffsetMs()).toBe(0);
  });
});

describe('a refusal that does not depend on the body', () => {
  it.each([
    ['another path', `POST /elsewhere HTTP/1.1`, ['Authorization: APPCODE a'], 1000, 'API Not Found'],
    ['another method', `PUT ${ENDPOINT.path} HTTP/1.1`, ['Authorization: APPCODE a'], 1000, 'API Not Found'],
    ['an AppCode that does not count', `POST ${ENDPOINT.path} HTTP/1.1`, ['Authorization: APPCODE b'], 1000, 'AppCode'],
    ['a body beyond the gateway', `POST ${ENDPOINT.path} HTTP/1.1`, [], 8 * 1024 * 1024 + 1, 'Invalid Request Body'],
    ['a trap that nobody was sent to', 'POST /__trap/x HTTP/1.1', [], 1000, undefined],
    ['an admin body without a credential', 'POST /__admin/queue HTTP/1.1', [], 1000, undefined],
    ['an admin body of another type', 'POST /__admin/queue HTTP/1.1', ['Authorization: APPCODE a'], 1000, undefined],
    ['an admin path that is not there', 'POST /__admin/nowhere HTTP/1.1', [], 1000, undefined],
  ])('is sent before the body is read: %s', async (_, line, headers, length, message) => {
    const mock = await startMock({ appCodes: ['a'] });
    const { received } = await exchange(mock.port, headOf(line, headers, length), { enough: headEnd });
    expect(received.toString()).toMatch(/^HTTP\/1\.1 4\d\d/);
    if (message !== undefined) expect(received.toString()).toContain(message);
  });

  it('applies to the page of another site, which can send a form with a key', async () => {
    const mock = await startMock();
    const ns = mock.namespace('demo');
    ns.enqueue('code-10017');
    const post = (headers: Record<string, string>) =>
      fetch(mock.url + ENDPOINT.path, {
        method: 'POST',
        headers,
        body: new URLSearchParams([...formOf(PERSON), ['key', 'demo']]),
      });
    for (const headers of [{ Origin: 'http://evil.example' }, { Origin: 'null' }] as Record<string, string>[])
      expect((await post(headers)).status).toBe(401);
    expect([ns.calls(), ns.queued().length]).toEqual([0, 1]);
    expect((await post({})).status).toBe(200);
  });
});

describe('bodies', () => {
  it('over 64 KiB are read and discarded, and are not a form to the vendor', async () => {
    const mock = await startMock();
    const body = new URLSearchParams([...formOf(PERSON), ['padding', 'x'.repeat(1024 * 1024)]]);
    const send = (headers: Record<string, string>) =>
      fetch(mock.url + ENDPOINT.path, { method: 'POST', headers, body });
    const answered = await send({ Authorization: 'APPCODE long' });
    expect([answered.status, await answered.json()]).toMatchObject([200, { code: '10002' }]);
    expect((await send({})).status).toBe(401);
  });

  it('read at the same time share a limit; beyond it the request is refused', async () => {
    const mock = await startMock();
    const almost = 60 * 1024;
    const head = headOf(`POST ${ENDPOINT.path} HTTP/1.1`, [], almost + 1);
    const sockets: Socket[] = [];
    let refused = '';
    for (let i = 0; i < 300; i++) {
      const socket = await open(mock.port);
      socket.on('data', (chunk) => (refused += chunk.toString()));
      socket.write(head + 'x'.repeat(almost));
      sockets.push(socket);
    }
    await until(() => refused.includes('too_busy'));
    expect(refused).toMatch(/^HTTP\/1\.1 503 /);
    for (const socket of sockets) socket.destroy();
    await until(() => sockets.every(({ closed }) => closed));
    let answer = await ask(mock, 'later');
    // The server receives the ends one after the other.
    while (answer.status === 503) answer = await ask(mock, 'later');
    expect(answer.body.code).toBe('10000');
  });
});

describe('a client that disconnects', () => {
  it('cancels its delay, and the delays of its pipelined requests', async () => {
    const { setTimer, pending } = watchedTimers();
    const mock = await startMock({ setTimer });
    const ns = mock.namespace('raw');
    ns.setLatency({ kind: 'fixed', ms: 600_000 });
    const socket = await open(mock.port, rawQuestion(PERSON.mobile).repeat(5));
    await until(() => pending.size === 5);
    socket.destroy();
    await until(() => pending.size === 0);
    expect(ns.calls()).toBe(5);
  });

  it('cancels its verification', async () => {
    const { setTimer, pending } = watchedTimers();
    const mock = await startMock({ setTimer });
    const body = JSON.stringify({ times: 5, waitMs: 60_000 });
    const headers = ['Authorization: APPCODE raw', 'Content-Type: application/json'];
    const socket = await open(mock.port, headOf('POST /__admin/verify HTTP/1.1', headers, body.length) + body);
    await until(() => pending.size === 1);
    socket.destroy();
    await until(() => pending.size === 0);
  });
});

it('at most 100 verifications of a namespace wait at the same time', async () => {
  const { setTimer, pending } = watchedTimers();
  const mock = await startMock({ setTimer });
  const ns = mock.namespace('waiting');
  const waiting = Array.from({ length: 100 }, () => ns.verify({ times: 1, waitMs: 60_000 }));
  await until(() => pending.size === 100);
  await expect(ns.verify({ times: 1, waitMs: 60_000 })).rejects.toThrow(/wait in this namespace already/);
  await ask(mock, 'waiting');
  await Promise.all(waiting);
  expect(pending.size).toBe(0);
});

it('at most 256 admin requests are answered at the same time; disconnected ones do not count', async () => {
  const { setTimer, pending } = watchedTimers();
  const mock = await startMock({ setTimer });
  const body = JSON.stringify({ times: 5, waitMs: 60_000 });
  const wait = (who: number) =>
    open(
      mock.port,
      headOf(
        'POST /__admin/verify HTTP/1.1',
        [`Authorization: APPCODE w${who}`, 'Content-Type: application/json'],
        body.length,
      ) + body,
    );
  const sockets = await Promise.all(Array.from({ length: 256 }, (_, who) => wait(who)));
  await until(() => pending.size === 256);
  const health = () => fetch(`${mock.url}/__admin/health`).then(({ status }) => status);
  expect(await health()).toBe(503);
  expect((await ask(mock, 'data')).status).toBe(200);
  for (const socket of sockets) socket.destroy();
  await until(() => pending.size === 0);
  expect(await health()).toBe(200);
});

it('a connection with too many pipelined requests is closed', async () => {
  const mock = await startMock({ setTimer: watchedTimers().setTimer });
  const ns = mock.namespace('raw');
  ns.setLatency({ kind: 'fixed', ms: 1 });
  const { ending } = await exchange(mock.port, rawQuestion(PERSON.mobile).repeat(100));
  expect(ending).not.toBe('open');
  expect(ns.calls()).toBeLessThan(20);
});

it('a refused connection does not stay half open', async () => {
  const mock = await startMock();
  for (const bytes of ['CONNECT other:443 HTTP/1.1\r\nHost: other\r\n\r\n', 'no HTTP at all\r\n\r\n']) {
    const socket = await open(mock.port, bytes);
    await once(socket, 'end');
    // This side stays open; once the mock closes the connection, writing fails.
    const poke = setInterval(() => socket.write('x'), 20);
    await until(() => socket.closed);
    clearInterval(poke);
  }
});

describe('closing', () => {
  const body = rawQuestion(PERSON.mobile);
  it.each([
    ['has sent nothing', ''],
    ['has sent half a head', `POST ${ENDPOINT.path} HTTP/1.1\r\nHost: x\r\n`],
    ['was answered and is kept alive', body],
    ['was answered and has begun another head', `${body}POST / HT`],
    ['was answered before its body came', headOf('POST /elsewhere HTTP/1.1', [], 1000)],
    ['was ended by a fault, on this side only', rawQuestion('16000099008')],
    ['asked for a tunnel', 'CONNECT other:443 HTTP/1.1\r\nHost: other\r\n\r\n'],
  ])('does not wait for a connection that %s', async (_, bytes) => {
    const mock = await startMock();
    const socket = await open(mock.port, bytes);
    const isAnswered = bytes.includes('\r\n\r\n');
    if (isAnswered) await Promise.race([once(socket, 'data'), once(socket, 'end')]);
    // No event says when the server accepts a connection; it accepts connections in order.
    else await ask(mock, 'later');
    await mock.close({ graceMs: 600_000 });
    socket.destroy();
  });

  it('does not wait for an unfinished TLS handshake', async () => {
    const mock = await startMock({ tls: true });
    const socket = await open(mock.port, '\x16\x03\x01');
    const later = await open(mock.port, 'no TLS at all\r\n\r\n');
    await once(later, 'end');
    await mock.close({ graceMs: 600_000 });
    for (const each of [socket, later]) each.destroy();
  });

  it('does not wait for a fault that starts during it', async () => {
    const { setTimer, pending } = watchedTimers();
    const mock = await startMock({ setTimer });
    mock.namespace('raw').setLatency({ kind: 'fixed', ms: 1 });
    const socket = await open(mock.port, rawQuestion('16000099004'));
    await until(() => pending.size === 1);
    const closed = mock.close({ graceMs: 600_000 });
    for (const strike of pending) strike();
    await closed;
    socket.destroy();
  });
});
