import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import {
  ENDPOINT,
  TEST_MOBILES,
  TRANSPORT_FAULTS,
  parseReply,
  type TransportFaultName,
} from '@identity-verify/contract';
import { startMockServer, type MockServer } from '@identity-verify/mock-server';
import { exchange, formOf, PERSON, rawQuestion, startMock, type Ending } from './support.js';

// Long enough for a busy machine; a hang still fails.
jest.setTimeout(60_000);

/** What a client sees on the wire: the bytes, and how the connection ended. */
interface Seen {
  readonly text: string;
  readonly head: string;
  readonly body: Buffer;
  readonly ending: Ending;
}

const contentLength = ({ head }: Seen) => Number(/Content-Length: (\d+)/.exec(head)?.[1]);
const unreadable = ({ body }: Seen) => expect(parseReply(body)).toMatchObject({ ok: false });
/** The reply is well-formed; the fault is elsewhere. */
const aMatch = ({ body }: Seen) =>
  expect(parseReply(body)).toMatchObject({ ok: true, reply: { code: '10000', state: '1' } });

/** What distinguishes each fault. `until` stops the reading of a fault that never ends. */
const EXPECTED: Record<
  TransportFaultName,
  { until?: (bytes: Buffer) => boolean; ending: Ending | readonly Ending[]; see: (seen: Seen) => void }
> = {
  'reset-at-connect': { ending: 'reset', see: ({ text }) => expect(text).toBe('') },
  'reset-after-request': { ending: 'reset', see: ({ text }) => expect(text).toBe('') },
  // After data, some kernels report a reset and some an end: in both cases the announced length is not reached.
  'reset-mid-body': {
    ending: ['reset', 'end'],
    see: (seen) => expect(seen.body.length).toBeLessThan(contentLength(seen) || 1),
  },
  'empty-close': { ending: 'end', see: ({ text }) => expect(text).toBe('') },
  hang: { ending: 'open', until: () => true, see: ({ text }) => expect(text).toBe('') },
  'hang-mid-headers': {
    ending: 'open',
    until: () => true,
    see: ({ text }) => expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n.*[^\n]$/s),
  },
  'hang-mid-body': {
    ending: 'open',
    until: (bytes) => bytes.includes('\r\n\r\n{'),
    see: (seen) => expect(seen.body.length).toBeLessThan(contentLength(seen)),
  },
  'truncated-length': {
    ending: 'end',
    see: (seen) => {
      aMatch(seen);
      expect(seen.body.length).toBeLessThan(contentLength(seen));
    },
  },
  'truncated-chunk': {
    ending: 'end',
    see: ({ body }) => expect(body.length).toBeLessThan(Number.parseInt(body.toString(), 16)),
  },
  'bad-chunk': {
    ending: 'end',
    see: ({ head, body }) => expect([/chunked/.test(head), body.subarray(0, 4).toString()]).toEqual([true, 'zz\r\n']),
  },
  'not-http': { ending: 'end', see: ({ text }) => expect(text).not.toMatch(/^HTTP/) },
  'broken-json': { ending: 'open', until: (bytes) => bytes.includes('"state"'), see: unreadable },
  'html-502': {
    ending: 'open',
    until: (b) => b.includes('</html>'),
    see: ({ head }) => expect(head).toMatch(/^HTTP\/1\.1 502 .*text\/html/s),
  },
  'html-200': {
    ending: 'open',
    until: (b) => b.includes('</html>'),
    see: ({ head }) => expect(head).toMatch(/^HTTP\/1\.1 200 .*text\/html/s),
  },
  'gbk-declared': {
    ending: 'open',
    until: (b) => b.includes('}'),
    see: (seen) => {
      unreadable(seen);
      expect(seen.head).toMatch(/charset=GBK/);
      expect(new TextDecoder('gbk').decode(seen.body)).toContain('"成功"');
    },
  },
  'gbk-lying': {
    ending: 'open',
    until: (b) => b.includes('}'),
    see: (seen) => {
      unreadable(seen);
      expect(seen.head).toMatch(/charset=UTF-8/);
    },
  },
  bom: {
    ending: 'open',
    until: (b) => b.includes('}'),
    see: ({ body }) => expect(body.subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf])),
  },
  drip: {
    ending: 'open',
    until: (b) => b.includes('\r\n\r\n{'),
    see: (seen) => expect([seen.body.length, contentLength(seen) > 50]).toEqual([1, true]),
  },
  'wrong-content-type': {
    ending: 'open',
    until: (b) => b.includes('}'),
    see: (seen) => {
      aMatch(seen);
      expect(seen.head).toMatch(/Content-Type: text\/html/);
    },
  },
  'oversized-body': {
    ending: 'open',
    until: (b) => b.length > 1024 * 1024,
    see: (seen) => expect(contentLength(seen)).toBeGreaterThan(1024 * 1024),
  },
  'oversized-header': { ending: 'end', see: ({ head }) => expect(head.length).toBeGreaterThan(64 * 1024) },
  'redirect-307': {
    ending: 'open',
    until: (b) => b.includes('\r\n\r\n'),
    see: ({ head }) => expect(head).toMatch(/^HTTP\/1\.1 307 .*Location: http:\/\/localhost:\d+\/__trap\//s),
  },
  'gzip-bomb': {
    ending: 'open',
    until: (b) => b.length > 200_000 && b.length >= Number(/Content-Length: (\d+)/.exec(b.toString('latin1'))?.[1]),
    see: (seen) => {
      expect(seen.head).toMatch(/Content-Encoding: gzip/);
      expect(contentLength(seen)).toBeLessThan(400_000);
      expect(() => gunzipSync(seen.body, { maxOutputLength: 128 * 1024 * 1024 })).toThrow(/larger than/);
    },
  },
  'duplicate-keys': {
    ending: 'open',
    until: (b) => b.includes('seqNo'),
    see: ({ body }) => {
      expect(parseReply(body)).toEqual({ ok: false, fault: 'duplicate_key' });
      expect(JSON.parse(body.toString())).toMatchObject({ code: '10000', data: { state: '1' } });
    },
  },
  'proto-key': {
    ending: 'open',
    until: (b) => b.includes('seqNo'),
    see: ({ body }) => expect(parseReply(body)).toEqual({ ok: false, fault: 'proto_key' }),
  },
  'early-close': {
    ending: 'end',
    see: (seen) => {
      aMatch(seen);
      expect(seen.head).toMatch(/Connection: keep-alive/);
    },
  },
  'empty-200': {
    ending: 'open',
    until: (b) => b.includes('\r\n\r\n'),
    see: (seen) => expect([contentLength(seen), seen.body.length]).toEqual([0, 0]),
  },
  'no-content-204': {
    ending: 'open',
    until: (b) => b.includes('\r\n\r\n'),
    see: ({ text }) => expect(text).toMatch(/^HTTP\/1\.1 204/),
  },
  'length-and-chunked': {
    ending: 'end',
    see: ({ head }) => expect(head).toMatch(/Content-Length: \d+\r\nTransfer-Encoding: chunked/),
  },
  'flood-of-102': {
    ending: 'open',
    until: (b) => b.length > 10_000,
    see: ({ text }) =>
      expect(text.replaceAll('HTTP/1.1 102 Processing\r\n\r\n', '')).toMatch(/^(HTTP\/1\.1 102 .*)?$|^H?T?T?P?/),
  },
  'deep-json': {
    ending: 'open',
    until: (b) => b.includes('seqNo'),
    see: ({ body }) => expect(body.toString()).toContain('['.repeat(5000)),
  },
  'http-408': { ending: 'end', see: ({ text }) => expect(text).toMatch(/^HTTP\/1\.1 408/) },
  'http-429': {
    ending: 'open',
    until: (b) => b.includes('</html>'),
    see: ({ head }) => expect(head).toMatch(/^HTTP\/1\.1 429 .*Retry-After: 2/s),
  },
  'duplicate-reply': {
    ending: 'open',
    until: (b) => b.toString('latin1').split('"seqNo"').length > 2,
    see: ({ text }) => {
      expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n.*Connection: keep-alive\r\n/s);
      expect(text.slice(text.length / 2)).toBe(text.slice(0, text.length / 2));
    },
  },
  'contradictory-reply': {
    ending: 'open',
    until: (b) => b.includes('seqNo'),
    see: (seen) => {
      aMatch(seen);
      expect(seen.head).toMatch(/^HTTP\/1\.1 200 .*X-Ca-Error-Message: Throttled by API Flow Control\r\n/s);
    },
  },
};

let mock: MockServer;
beforeAll(async () => {
  mock = await startMockServer({ port: 0 });
});
afterAll(() => mock.close());

const mobileOf = (name: string) =>
  TEST_MOBILES.find(({ scenario }) => scenario.kind === 'fault' && scenario.fault === name)?.mobile ?? '';

describe('the transport fault', () => {
  it.each(TRANSPORT_FAULTS.map(({ name, description }) => [name, description] as const))('%s: %s', async (name) => {
    const { until, ending, see } = EXPECTED[name];
    // A call that is never answered is certain once the mock has journalled it.
    const silent = name === 'hang' || name === 'hang-mid-headers';
    const before = mock.namespace('raw').calls();
    const exchanged = exchange(mock.port, rawQuestion(mobileOf(name)), until && !silent ? { enough: until } : {});
    const played = mock.namespace('raw').verify({ match: { scenario: name }, times: { atLeast: 1 }, waitMs: 50_000 });
    const { received, ending: ended } = silent
      ? await Promise.race([exchanged, played.then(() => ({ received: Buffer.alloc(0), ending: 'open' as const }))])
      : await exchanged;
    await played;
    expect(mock.namespace('raw').calls()).toBe(before + 1);

    const split = received.indexOf('\r\n\r\n');
    const head = (split < 0 ? received : received.subarray(0, split + 2)).toString('latin1');
    const body = split < 0 ? Buffer.alloc(0) : received.subarray(split + 4);
    expect([ending].flat()).toContain(ended);
    if (name !== 'hang-mid-headers') see({ text: received.toString('latin1'), head, body, ending: ended });
  });

  it('is billed as unknown, because the vendor may have received the request, unless the fault came first', () => {
    const entries = mock.namespace('raw').journal();
    expect(new Set(entries.map(({ scenario }) => scenario)).size).toBe(TRANSPORT_FAULTS.length);
    for (const { scenario, billed } of entries)
      expect([scenario, billed]).toEqual([scenario, scenario === 'fault-reset-at-connect' ? 'no' : 'unknown']);
  });
});

describe('a reset at connect', () => {
  it('happens before the body is sent, when it comes from the queue', async () => {
    mock.namespace('early').enqueue('reset-at-connect');
    const [head = ''] = rawQuestion(PERSON.mobile, [], 'early').split('\r\n\r\n');
    // Only the head is sent: the mock does not wait for the rest.
    expect(await exchange(mock.port, `${head}\r\n\r\n`)).toMatchObject({ ending: 'reset' });
    await mock.namespace('early').verify({ match: { scenario: 'reset-at-connect', billed: 'no' }, times: 1 });
  });
});

describe('the target of the redirect', () => {
  it('records what a client sent there, and does not count it as a call', async () => {
    const body = formOf({ ...PERSON, mobile: mobileOf('redirect-307') });
    const headers = { Authorization: 'APPCODE naive' };
    const response = await fetch(mock.url + ENDPOINT.path, {
      method: 'POST',
      headers,
      body,
      redirect: 'follow',
    });
    expect(response.status).toBe(404);
    const naive = mock.namespace('naive');
    await naive.verify({ match: { decidedBy: 'trap', name: PERSON.name, idCard: PERSON.idCard }, times: 1 });
    await naive.verify({ times: 1 });
    expect(naive.cost().calls).toBe(1);
  });
});

it('closing does not wait for connections held by a fault', async () => {
  const other = await startMock();
  const hung = exchange(other.port, rawQuestion(mobileOf('hang')));
  await other.namespace('raw').verify({ waitMs: 50_000 });
  await other.close({ graceMs: 60_000 });
  expect((await hung).ending).not.toBe('open');
});

it('closing finishes replies in progress and accepts no new requests', async () => {
  let reply = (): void => undefined;
  const other = await startMock({
    setTimer: (callback) => {
      reply = callback;
      return () => undefined;
    },
  });
  other.namespace('raw').setLatency({ kind: 'fixed', ms: 1 });
  const asked = exchange(other.port, rawQuestion(PERSON.mobile, ['Connection: close']));
  while (other.namespace('raw').calls() === 0) await new Promise(setImmediate);
  const closed = other.close({ graceMs: 60_000 });
  await expect(fetch(other.url)).rejects.toThrow();
  reply();
  expect((await asked).received.toString()).toMatch(/"state":"1"/);
  await closed;
});
