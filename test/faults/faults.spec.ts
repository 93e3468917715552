import { TEST_MOBILES, TEST_POPULATION, TRANSPORT_FAULTS } from '@identity-verify/contract';
import { startMockServer, type MockServer } from '@identity-verify/mock-server';
import { isIdentityVerifyError, type IdentityVerifyError, type IdentityVerifyOptions } from '@identity-verify/nestjs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { readClientHello } from './client.hello.js';
import { matchReply, startRawUpstream } from './raw-upstream.js';
import { SELF_SIGNED } from './self-signed.fixture.js';
import { openClientOn, TRANSPORTS } from './transports.js';
import { WIRE_FAULTS } from './wire-faults.table.js';

const [person] = TEST_POPULATION;
/** The deadline of a call whose fault ends at it. */
const DEADLINE_MS = 400;
/** The deadline of a call whose fault ends it earlier: so long that no busy machine reaches it. */
const DISTANT_MS = 20_000;
/** The longest time a call may take beyond its deadline, by a timer set at the same moment. */
const MOST_LATE_MS = 50;

/**
 * Whether `outcome` is there by the time a timer for the deadline is due. Both timers start together and share an event
 * loop, so the order of events decides, and not how busy the machine is.
 */
async function isInTime(outcome: Promise<unknown>, deadlineMs: number): Promise<boolean> {
  const timer = new AbortController();
  const late = (async () => {
    await setTimeout(deadlineMs + MOST_LATE_MS, undefined, { signal: timer.signal });
    // What happened on the sockets in the meantime is delivered first.
    for (let turn = 0; turn < 3; turn++) await setImmediate();
    return false;
  })().catch(() => false);
  const inTime = await Promise.race([outcome.then(() => true), late]);
  timer.abort();
  return inTime;
}

/** Resources that a test opened, closed after it. */
const opened: { close(): Promise<unknown> }[] = [];
async function open<T extends { close(): Promise<unknown> }>(opening: Promise<T>): Promise<T> {
  const resource = await opening;
  opened.push(resource);
  return resource;
}

const unexpected: unknown[] = [];
const note = (error: unknown) => unexpected.push(error);
beforeEach(() => {
  unexpected.length = 0;
  process.on('unhandledRejection', note).on('uncaughtException', note);
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((resource) => resource.close()));
  process.off('unhandledRejection', note).off('uncaughtException', note);
  expect(unexpected).toEqual([]);
});

describe.each(TRANSPORTS)('%s', (_name, openTransport) => {
  const openClient = (options: IdentityVerifyOptions) => openClientOn(openTransport, options);

  /** Verifies once, and reports the result, whether it was in time, and the state of the ledger. */
  async function ask(
    baseUrl: string,
    { mobile = person.mobile, deadlineMs = DISTANT_MS }: { mobile?: string; deadlineMs?: number } = {},
  ) {
    const client = await openClient({
      baseUrl,
      credentials: { appCode: `faults-${mobile}` },
      deadlineMs,
      retry: { baseMs: 1 },
    });
    try {
      const outcome = client.service.verify({ ...person, mobile }).then(
        ({ outcome }) => outcome,
        (error: unknown) => {
          if (!isIdentityVerifyError(error)) throw error;
          return error;
        },
      );
      const inTime = await isInTime(outcome, deadlineMs);
      const seen = await outcome;
      const { today } = await client.service.spent();
      const again = await client.service
        .verify({ ...person, mobile })
        .catch((error: IdentityVerifyError) => error.code);
      return { seen, inTime, charged: today.calls, again };
    } finally {
      await client.close();
    }
  }

  function expectFailure(seen: unknown): IdentityVerifyError {
    if (!isIdentityVerifyError(seen)) throw new Error(`expected a failure, but the answer was ${String(seen)}`);
    return seen;
  }

  describe('faults below HTTP', () => {
    it.each(WIRE_FAULTS)('$name', async ({ expected, ...behaviour }) => {
      const upstream = await open(startRawUpstream(behaviour));
      const deadlineMs = expected.code === 'IDV_TIMEOUT' ? DEADLINE_MS : DISTANT_MS;
      const { seen, inTime, charged, again } = await ask(upstream.url, { deadlineMs });
      const { code, billed, retryable } = expectFailure(seen);
      expect({ code, billed, retryable }).toEqual({ ...expected, retryable: false });
      expect(inTime).toBe(true);
      expect([charged, again]).toEqual([1, 'IDV_IN_DOUBT']);
      expect(behaviour.onConnect ? upstream.connections() : upstream.requests()).toBe(1);
    });

    it('a reset on connect is retried only if nothing was sent', async () => {
      const upstream = await open(startRawUpstream({ onConnect: (socket) => socket.resetAndDestroy() }));
      const { seen, charged } = await ask(upstream.url);
      const { code, billed } = expectFailure(seen);
      // The kernels decide which of the two it is.
      expect(['IDV_CONNECT_FAILED no 0', 'IDV_CONNECTION_LOST unknown 1']).toContain(`${code} ${billed} ${charged}`);
      expect(upstream.requests()).toBe(0);
    });
  });

  describe('faults before anything was sent', () => {
    const UNSENT = { code: 'IDV_CONNECT_FAILED', billed: 'no', retryable: true };

    it('tries a closed port three times, and charges nothing', async () => {
      // The kernel gives it to nobody, unlike a port that a server has just closed.
      const { seen, charged } = await ask('http://127.0.0.1:9');
      expect(expectFailure(seen)).toMatchObject({ ...UNSENT, message: expect.stringContaining('ECONNREFUSED') });
      expect(charged).toBe(0);
    });

    it('tries an upstream without TLS three times, and charges nothing', async () => {
      const upstream = await open(
        startRawUpstream({ onConnect: (socket) => void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n') }),
      );
      const { seen, charged } = await ask(upstream.url.replace('http:', 'https:'));
      expect(expectFailure(seen)).toMatchObject(UNSENT);
      // Nothing is in doubt, so the second call is also tried three times.
      expect([charged, upstream.connections()]).toEqual([0, 6]);
    });

    it('gives up a hanging TLS handshake at the deadline, and charges nothing', async () => {
      const upstream = await open(startRawUpstream({}));
      const { seen, inTime, charged } = await ask(upstream.url.replace('http:', 'https:'), { deadlineMs: DEADLINE_MS });
      expect(expectFailure(seen)).toMatchObject({ code: 'IDV_TIMEOUT', billed: 'no', retryable: true });
      expect(inTime).toBe(true);
      expect(charged).toBe(0);
    });

    it('sends nothing to a server without a certificate', async () => {
      const requests: string[] = [];
      const server = createTlsServer((request) => requests.push(String(request.url)));
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as { port: number };
      const { seen, charged } = await ask(`https://127.0.0.1:${port}`);
      expect(expectFailure(seen)).toMatchObject(UNSENT);
      expect([charged, requests]).toEqual([0, []]);
      await new Promise((resolve) => server.close(resolve));
    });

    it('sends nothing to a server whose certificate nobody has signed', async () => {
      const requests: string[] = [];
      const server = createTlsServer(SELF_SIGNED, (request) => requests.push(String(request.url)));
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as { port: number };
      const { seen, charged } = await ask(`https://127.0.0.1:${port}`);
      expect(expectFailure(seen)).toMatchObject({ ...UNSENT, message: expect.stringContaining('SELF_SIGNED') });
      expect([charged, requests]).toEqual([0, []]);
      await new Promise((resolve) => server.close(resolve));
    });

    it('offers TLS 1.2 and 1.3, and HTTP/1.1 alone', async () => {
      const hellos: Buffer[] = [];
      const onConnect = (socket: Socket) =>
        socket.on('data', (chunk) => {
          hellos.push(chunk);
          socket.destroy();
        });
      const upstream = await open(startRawUpstream({ onConnect }));
      expect(expectFailure((await ask(upstream.url.replace('http:', 'https:'))).seen)).toMatchObject(UNSENT);
      const { protocols, versions } = readClientHello(hellos[0]!);
      expect(protocols).toEqual(['http/1.1']);
      expect(versions.sort()).toEqual(['TLS 1.2', 'TLS 1.3']);
    });
  });

  describe('a kept connection', () => {
    it('that is reset on reuse is not retried, because the call may have been billed', async () => {
      const upstream = await open(
        startRawUpstream({
          onRequest: (socket, nth) => (nth === 1 ? void socket.write(matchReply()) : socket.resetAndDestroy()),
        }),
      );
      const client = await open(openClient({ baseUrl: upstream.url, credentials: { appCode: 'stale' } }));
      expect((await client.service.verify(person)).outcome).toBe('match');
      const second = await client.service.verify(person, { maxAgeMs: 0 }).catch((error: unknown) => error);
      expect(second).toMatchObject({ code: 'IDV_CONNECTION_LOST', billed: 'unknown' });
      expect([upstream.connections(), upstream.requests()]).toEqual([1, 2]);
    });

    it('that was idle for too long is not reused, even if a busy event loop has not closed it yet', async () => {
      const upstream = await open(
        startRawUpstream({
          onRequest: (socket, nth) =>
            nth === 2 && upstreamConnections() === 1 ? socket.resetAndDestroy() : void socket.write(matchReply()),
        }),
      );
      const upstreamConnections = () => upstream.connections();
      const transport = openTransport({ keepAliveMs: 30 });
      const client = await open(openClient({ baseUrl: upstream.url, credentials: { appCode: 'idle' }, transport }));
      expect((await client.service.verify(person)).outcome).toBe('match');
      const until = performance.now() + 60;
      while (performance.now() < until); // no timer fires during this loop
      expect((await client.service.verify(person, { maxAgeMs: 0 })).outcome).toBe('match');
      expect(upstream.connections()).toBe(2);
      transport.close();
    });

    it('that is five minutes old answers one more call, and is not reused', async () => {
      const upstream = await open(startRawUpstream({ onRequest: (socket) => void socket.write(matchReply()) }));
      const transport = openTransport({ keepAliveMs: 3_600_000, maxSockets: 1 });
      const client = await open(openClient({ baseUrl: upstream.url, credentials: { appCode: 'age' }, transport }));
      const now = performance.now.bind(performance);
      let later = 0;
      const clock = jest.spyOn(performance, 'now').mockImplementation(() => now() + later);
      const ask = async () => {
        expect((await client.service.verify(person, { maxAgeMs: 0 })).outcome).toBe('match');
        return upstream.connections();
      };
      try {
        expect(await ask()).toBe(1);
        later = 240_000;
        expect(await ask()).toBe(1);
        later = 300_000;
        expect(await ask()).toBe(1);
        expect(await ask()).toBe(2);
        expect(await ask()).toBe(2);
      } finally {
        clock.mockRestore();
        transport.close();
      }
    });

    it('that the server has closed is not reused', async () => {
      let closed: Promise<void> = Promise.resolve();
      const upstream = await open(
        startRawUpstream({
          onRequest: (socket) => {
            closed = new Promise((resolve) => socket.once('close', () => resolve()));
            socket.end(matchReply());
          },
        }),
      );
      const client = await open(openClient({ baseUrl: upstream.url, credentials: { appCode: 'closed' } }));
      for (let i = 0; i < 3; i++) {
        expect((await client.service.verify(person, { maxAgeMs: 0 })).outcome).toBe('match');
        await closed;
      }
      expect(upstream.connections()).toBe(3);
    });
  });

  describe('the faults of the mock', () => {
    let mock: MockServer;
    beforeAll(async () => {
      mock = await startMockServer({ port: 0 });
    });
    afterAll(() => mock.close());

    const mobileOf = (name: string) =>
      TEST_MOBILES.find(({ scenario }) => scenario.kind === 'fault' && scenario.fault === name)!.mobile;
    /** Faults with a valid reply on a faulty connection. */
    const HARMLESS = new Set(['early-close', 'duplicate-reply']);
    /** Faults that last until the deadline. */
    const LASTING = new Set(['hang', 'hang-mid-headers', 'hang-mid-body', 'drip', 'flood-of-102']);

    it.each(TRANSPORT_FAULTS.filter(({ name }) => !HARMLESS.has(name)))('$name: $description', async ({ name }) => {
      const deadlineMs = LASTING.has(name) ? DEADLINE_MS : DISTANT_MS;
      const { seen, inTime, charged, again } = await ask(mock.url, { mobile: mobileOf(name), deadlineMs });
      const { billed, retryable } = expectFailure(seen);
      expect({ billed, retryable }).toEqual({ billed: 'unknown', retryable: false });
      expect(inTime).toBe(true);
      expect(charged).toBe(1);
      expect(again).toBe('IDV_IN_DOUBT');
      expect(mock.namespace(`faults-${mobileOf(name)}`).calls()).toBeLessThanOrEqual(1);
    });

    it('early-close: a valid reply counts; a call cut off by the close is in doubt and not retried', async () => {
      const client = await open(openClient({ baseUrl: mock.url, credentials: { appCode: 'early-close' } }));
      const ask = () =>
        client.service
          .verify({ ...person, mobile: mobileOf('early-close') }, { maxAgeMs: 0, repeatInDoubt: true })
          .then(
            ({ outcome }) => outcome,
            (error: IdentityVerifyError) => `${error.code} ${error.billed}`,
          );
      expect(await ask()).toBe('match');
      for (let i = 0; i < 3; i++) expect(['match', 'IDV_CONNECTION_LOST unknown']).toContain(await ask());
      expect(mock.namespace('early-close').calls()).toBeLessThanOrEqual(4);
    });

    it('duplicate-reply: the first reply counts; the duplicate answers no other call', async () => {
      const client = await open(openClient({ baseUrl: mock.url, credentials: { appCode: 'duplicate-reply' } }));
      for (let i = 0; i < 3; i++) {
        const twice = await client.service.verify({ ...person, mobile: mobileOf('duplicate-reply') }, { maxAgeMs: 0 });
        const other = await client.service.verify({ ...person, name: '测试丁' }, { maxAgeMs: 0 });
        expect([twice.outcome, other.outcome]).toEqual(['match', 'mismatch']);
        const calls = mock.namespace('duplicate-reply').journal().slice(-2);
        expect(calls.map(({ seqNo }) => seqNo)).toEqual([twice.seqNo, other.seqNo]);
      }
    });
  });
});
