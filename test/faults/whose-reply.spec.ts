import { TEST_POPULATION, type TestPerson } from '@identity-verify/contract';
import { isIdentityVerifyError, type IdentityVerifyOptions, type Verification } from '@identity-verify/nestjs';
import axios from 'axios';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Socket } from 'node:net';
import { startRawUpstream, stateReply, type RawBehaviour } from './raw-upstream.js';
import { INTERCEPTED, openClientOn, overAxios, TRANSPORTS } from './transports.js';

const [first, second, third] = TEST_POPULATION;
/** Two seqNos of the documented format, used only here. */
const [SEQ_A, SEQ_X] = ['AAAA99990000000007', 'XXXX99990000000009'];
const MATCH_A = stateReply('1', SEQ_A);
/** A match that belongs to no call. */
const MATCH_X = stateReply('1', SEQ_X);
const REQUEST_ID = '0BADCAFE-1111-4222-8333-C0FFEE444555';

const opened: { close(): Promise<unknown> }[] = [];
afterEach(() => Promise.all(opened.splice(0).map((resource) => resource.close())));

describe.each([...TRANSPORTS, INTERCEPTED])('%s', (_name, openTransport) => {
  const openClient = (options: IdentityVerifyOptions) => openClientOn(openTransport, options);

  async function open(behaviour: RawBehaviour, options: Partial<IdentityVerifyOptions> = {}) {
    const upstream = await startRawUpstream(behaviour);
    const client = await openClient({
      baseUrl: upstream.url,
      credentials: { appCode: 'whose' },
      deadlineMs: 20_000, // so long that no busy machine reaches it
      ...options,
    });
    opened.push(client, upstream);
    /** `mismatch AAAA99990000000007`, or the code, `billed` and `retryable` of the error. */
    const ask = (person: TestPerson) =>
      client.service.verify(person, { maxAgeMs: 0 }).then(
        ({ outcome, seqNo }: Verification) => `${outcome} ${seqNo}`,
        (error: unknown) => {
          if (!isIdentityVerifyError(error)) throw error;
          return `${error.code} ${error.billed} ${error.retryable}`;
        },
      );
    return { upstream, client, ask };
  }

  /** Handles the first request with `begin`, and answers each later one with a mismatch of its own. */
  const upstreamThat = (begin: (socket: Socket) => void): RawBehaviour => ({
    onRequest: (socket, nth) => (nth === 1 ? begin(socket) : void socket.write(stateReply('2', `OWN_${nth}`))),
  });
  const OWN = /^mismatch OWN_\d$/;
  const UNREADABLE = 'IDV_REPLY_UNREADABLE unknown false';

  /** Answers the first request with a match; `write` sends more bytes on its connection. */
  async function keeping() {
    let kept: Socket | undefined;
    const { upstream, ...rest } = await open(
      upstreamThat((socket) => {
        kept = socket;
        socket.write(MATCH_A);
      }),
    );
    return { ...rest, upstream: { ...upstream, write: (more: string) => kept?.write(more) } };
  }

  /** Waits until written bytes have been received and read. */
  const settled = () => new Promise<void>((resolve) => turns(20, resolve));
  const turns = (left: number, then: () => void): void =>
    void setImmediate(left > 0 ? () => turns(left - 1, then) : then);

  describe('unsolicited bytes', () => {
    it('a duplicated reply counts once, and its connection is not reused', async () => {
      const { upstream, ask } = await open(upstreamThat((socket) => void socket.write(MATCH_A + MATCH_A)));
      expect(await ask(first)).toBe(`match ${SEQ_A}`);
      expect(await ask(second)).toMatch(OWN);
      expect(upstream.connections()).toBe(2);
    });

    const MORE: readonly (readonly [string, string])[] = [
      ['the same reply', MATCH_A],
      ['a match that was never seen', MATCH_X],
      ['an informational reply and a match', `HTTP/1.1 102 Processing\r\n\r\n${MATCH_X}`],
      ['an informational reply', 'HTTP/1.1 100 Continue\r\n\r\n'],
      ['half of a head', MATCH_X.slice(0, 30)],
      ['half of a body', MATCH_X.slice(0, -10)],
      ['an empty line', '\r\n'],
    ];

    it.each(MORE)('%s right after the answer does not answer the next call', async (_what, more) => {
      const { ask } = await open(
        upstreamThat((socket) => void socket.write(MATCH_A, () => setImmediate(() => socket.write(more)))),
      );
      expect(await ask(first)).toBe(`match ${SEQ_A}`);
      expect(await ask(second)).toMatch(OWN);
    });

    it.each(MORE)('%s on an idle connection ends its reuse', async (_what, more) => {
      const { upstream, ask } = await keeping();
      expect(await ask(first)).toBe(`match ${SEQ_A}`);
      upstream.write(more);
      await settled();
      expect(await ask(second)).toMatch(OWN);
      expect(upstream.connections()).toBe(2);
    });

    it.each(MORE)('%s in the same turn as the next call moves that call to another connection', async (_what, more) => {
      const { upstream, ask } = await keeping();
      expect(await ask(first)).toBe(`match ${SEQ_A}`);
      upstream.write(more);
      expect(await ask(second)).toMatch(OWN);
      expect(upstream.connections()).toBe(2);
    });

    it('a stray match right after the answer does not answer a call that waits for the connection', async () => {
      const http = axios.create();
      const transport = overAxios(http, { maxSockets: 1 });
      opened.push({ close: async () => transport.close() });
      let kept: Socket | undefined;
      // In the same turn as the first reply is read.
      http.interceptors.response.use((reply) => {
        kept?.write(MATCH_X);
        kept = undefined;
        return reply;
      });
      const { upstream, ask } = await open(
        upstreamThat((socket) => {
          kept = socket;
          socket.write(MATCH_A);
        }),
        { transport },
      );
      const [one, other] = await Promise.all([ask(first), ask(second)]);
      expect(one).toBe(`match ${SEQ_A}`);
      expect(other).toMatch(OWN);
      expect(upstream.connections()).toBe(2);
    });

    it('a reply after its deadline answers no call', async () => {
      let late: Socket | undefined;
      const { upstream, ask } = await open(
        upstreamThat((socket) => {
          late = socket;
        }),
        // Long enough for the second call on a busy machine.
        { deadlineMs: 1_000 },
      );
      expect(await ask(first)).toBe('IDV_TIMEOUT unknown false');
      late?.write(MATCH_A);
      expect(await ask(second)).toMatch(OWN);
      expect(upstream.connections()).toBe(2);
    });

    it('a reset of an idle connection fails no call', async () => {
      const { ask } = await open(
        upstreamThat((socket) => void socket.write(MATCH_A, () => setImmediate(() => socket.resetAndDestroy()))),
      );
      expect(await ask(first)).toBe(`match ${SEQ_A}`);
      await settled();
      expect(await ask(second)).toMatch(OWN);
    });

    it('a connection without unsolicited bytes is reused', async () => {
      const { upstream, ask } = await open(upstreamThat((socket) => void socket.write(MATCH_A)));
      await ask(first);
      for (let i = 0; i < 5; i++) expect(await ask(second)).toMatch(OWN);
      expect(upstream.connections()).toBe(1);
    });
  });

  describe('a reply seen before', () => {
    /** Sends `answer` to the first request, `more` to the second, and its own reply to each later one. */
    const held = (answer: string, more: string): RawBehaviour => ({
      onRequest: (socket, nth) =>
        void socket.write(nth === 1 ? answer : nth === 2 ? more : stateReply('2', `OWN_${nth}`)),
    });

    it('does not answer the next call, which stays in doubt, and ends the reuse of its connection', async () => {
      const { upstream, client, ask } = await open(held(MATCH_A, MATCH_A));
      expect(await ask(first)).toBe(`match ${SEQ_A}`);
      const failure: unknown = await client.service.verify(second).catch((error: unknown) => error);
      expect(failure).toMatchObject({
        code: 'IDV_REPLY_UNREADABLE',
        billed: 'unknown',
        retryable: false,
        message: expect.stringMatching(/an earlier reply had the same seqNo or request id/),
      });
      expect(JSON.stringify(failure)).not.toContain(SEQ_A);
      await expect(client.service.verify(second)).rejects.toMatchObject({ code: 'IDV_IN_DOUBT' });
      expect(await ask(third)).toMatch(OWN);
      expect([upstream.requests(), upstream.connections()]).toEqual([3, 2]);
    });

    it.each([
      ['with another seqNo', stateReply('1', SEQ_X, `X-Ca-Request-Id: ${REQUEST_ID}`)],
      ['in another spelling', stateReply('1', SEQ_X, `X-Ca-Request-Id: ${REQUEST_ID.toLowerCase()}`)],
      ['in a refusal of the gateway', gateway('403 Forbidden', 'Throttled by API Flow Control')],
      ['under another status', stateReply('1', SEQ_X, `X-Ca-Request-Id: ${REQUEST_ID}`).replace('200 OK', '502 Bad')],
    ])('is recognised by its request id %s', async (_how, more) => {
      const { upstream, ask } = await open(held(stateReply('1', SEQ_A, `X-Ca-Request-Id: ${REQUEST_ID}`), more));
      expect(await ask(first)).toBe(`match ${SEQ_A}`);
      expect(await ask(second)).toBe(UNREADABLE);
      expect(await ask(third)).toMatch(OWN);
      expect([upstream.requests(), upstream.connections()]).toEqual([3, 2]);
    });

    it('is recognised by another instance on the same transport', async () => {
      const transport = openTransport();
      opened.push({ close: async () => transport.close() });
      const { upstream, ask } = await open(held(MATCH_A, MATCH_A), { transport });
      const other = await openClient({ baseUrl: upstream.url, credentials: { appCode: 'other' }, transport });
      opened.push(other);
      expect(await ask(first)).toBe(`match ${SEQ_A}`);
      await expect(other.service.verify(second)).rejects.toMatchObject({ code: 'IDV_REPLY_UNREADABLE' });
    });

    it('ends its connection, as any unreadable reply does', async () => {
      const html = 'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\n<>';
      const { upstream, ask } = await open(held(MATCH_A, html));
      expect(await ask(first)).toBe(`match ${SEQ_A}`);
      expect(await ask(second)).toBe(UNREADABLE);
      expect(await ask(third)).toMatch(OWN);
      expect([upstream.requests(), upstream.connections()]).toEqual([3, 2]);
    });
  });
});

function gateway(status: string, message: string): string {
  return [
    `HTTP/1.1 ${status}`,
    `X-Ca-Request-Id: ${REQUEST_ID}`,
    `X-Ca-Error-Message: ${message}`,
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n');
}
