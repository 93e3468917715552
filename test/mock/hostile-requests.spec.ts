import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { ENDPOINT, GATEWAY_ROWS, RESPONSE_CODES } from '@identity-verify/contract';
import { startMockServer, type MockServer } from '@identity-verify/mock-server';
import { exchange, rawQuestion, PERSON } from './support.js';
import { heapAfterCollection } from '../support/heap.js';

// Long enough for a busy machine; a hang still fails.
jest.setTimeout(300_000);

const CODES = new Set<string>(RESPONSE_CODES.map(({ code }) => code));
const STATUSES = new Set<number>(GATEWAY_ROWS.flatMap(({ statuses }) => statuses));
const MESSAGES = GATEWAY_ROWS.map((row): string => ('prefix' in row ? row.prefix : row.message)).filter(Boolean);

let mock: MockServer;
beforeAll(async () => {
  mock = await startMockServer({ port: 0, maxNamespaces: 50 });
});
afterAll(() => mock.close());

/** Asserts that every reply in a stream of bytes is a reply of the vendor or the gateway. */
function expectDocumented(received: Buffer): void {
  const text = received.toString('utf8');
  const heads = [...text.matchAll(/HTTP\/1\.1 (\d{3}) [^\r]*\r\n(.*?)\r\n\r\n/gs)];
  expect(heads.length).toBeGreaterThan(0);
  for (const [, status, head = ''] of heads) {
    // The interim reply to `Expect: 100-continue`.
    if (status === '100') continue;
    expect(head).toMatch(/^X-Ca-Request-Id: [0-9A-F-]{36}$/m);
    const message = /^X-Ca-Error-Message: (.*)$/m.exec(head)?.[1]?.trim();
    if (status === '200') {
      const code = /"code":"(\d+)"/.exec(text)?.[1] ?? '';
      expect(CODES.has(code)).toBe(true);
    } else {
      expect(STATUSES.has(Number(status))).toBe(true);
      expect(MESSAGES.some((known) => message?.startsWith(known))).toBe(true);
      expect(status).not.toBe('500');
    }
  }
}

const anyBytes = fc.uint8Array({ minLength: 1, maxLength: 300 });
const token = fc.stringMatching(/^[A-Za-z-]{1,20}$/);
const value = fc.stringMatching(/^[\x20-\x7e\x80-\xff]{0,80}$/);
const method = fc.oneof(
  fc.constantFrom('POST', 'GET', 'PUT', 'HEAD', 'OPTIONS', 'DELETE', 'PATCH', 'CONNECT', 'TRACE'),
  token,
);
const path = fc.oneof(
  fc.constant(ENDPOINT.path),
  fc.stringMatching(/^\/communication\/personal\/1979\?[!-~]{0,40}$/),
  fc.stringMatching(/^\/[!-~]{0,60}$/).filter((p) => !/^\/(__|openapi|\?|$)/.test(p)),
  fc.stringMatching(/^[!-~]{1,30}$/).filter((p) => !p.startsWith('/')),
);
const interesting = fc.constantFrom(
  'Authorization: APPCODE hostile',
  'Authorization: Bearer x',
  'X-Ca-Key: k',
  'X-Ca-Signature: AAAA',
  'X-Ca-Signature-Headers: a,b,,X-Ca-Key',
  'X-Ca-Timestamp: NaN',
  'X-Mock-Scenario: match',
  'X-Mock-Scenario: nothing-like-it',
  'Content-Type: application/json',
  'Content-Type: multipart/form-data; boundary=x',
  `Content-Type: ${ENDPOINT.contentType}`,
  'Content-MD5: x',
  'Transfer-Encoding: chunked',
  'Expect: 100-continue',
  'Connection: close',
  'Upgrade: websocket',
  'Content-Length: 5',
  'Host: other',
);
const headerLine = fc.oneof(
  interesting,
  fc.tuple(token, value).map(([name, text]) => `${name}: ${text}`),
);
const body = fc.oneof(
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  fc
    .dictionary(
      fc.constantFrom('name', 'idcard', 'mobile', 'key', '__proto__', 'constructor'),
      fc.string({ maxLength: 30, unit: 'binary' }),
    )
    .map((fields) => Buffer.from(new URLSearchParams(fields).toString())),
);

describe('malformed input', () => {
  it('gets a reply of the gateway or the vendor for arbitrary bytes, never a 500, a hang or a crash', async () => {
    await fc.assert(
      fc.asyncProperty(anyBytes, async (bytes) => {
        const { received, ending } = await exchange(
          mock.port,
          Buffer.concat([Buffer.from(bytes), Buffer.from('\r\n\r\n')]),
          { halfClose: true },
        );
        expect(ending).not.toBe('open');
        if (received.length > 0) expectDocumented(received);
      }),
      { numRuns: 300, seed: 1979 },
    );
  });

  it('gets such a reply for anything in the form of a request', async () => {
    await fc.assert(
      fc.asyncProperty(
        method,
        path,
        fc.array(headerLine, { maxLength: 8 }),
        body,
        async (verb, target, lines, bytes) => {
          const head = [
            `${verb} ${target} HTTP/1.1`,
            'Host: mock',
            ...lines,
            `Content-Length: ${bytes.length}`,
            'Connection: close',
          ].join('\r\n');
          const { received, ending } = await exchange(
            mock.port,
            Buffer.concat([Buffer.from(`${head}\r\n\r\n`, 'latin1'), bytes]),
            { halfClose: true },
          );
          expect(ending).not.toBe('open');
          expectDocumented(received);
        },
      ),
      { numRuns: 700, seed: 1979 },
    );
  });

  it('gets such a reply for a request line and headers beyond every limit', async () => {
    for (const bytes of [
      `POST /${'x'.repeat(100_000)} HTTP/1.1\r\nHost: x\r\n\r\n`,
      `POST ${ENDPOINT.path} HTTP/1.1\r\nHost: x\r\nX-Big: ${'x'.repeat(100_000)}\r\n\r\n`,
      `POST ${ENDPOINT.path} HTTP/1.1\r\nHost: x\r\n${'A: b\r\n'.repeat(5000)}\r\n`,
      `POST ${ENDPOINT.path} HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      `POST ${ENDPOINT.path} HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n`,
      `POST ${ENDPOINT.path} HTTP/9.9\r\n\r\n`,
    ]) {
      const { received, ending } = await exchange(mock.port, bytes, { halfClose: true });
      expect(ending).not.toBe('open');
      if (ending === 'end' && received.length > 0) expectDocumented(received);
    }
  });

  it('does not affect the next request', async () => {
    const { received } = await exchange(mock.port, rawQuestion(PERSON.mobile, ['Connection: close']));
    expect(received.toString()).toMatch(/"state":"1"/);
  });

  it('leaves memory flat with any number of credentials and requests', async () => {
    const round = async (from: number) => {
      for (let i = from; i < from + 1500; i++) {
        await fetch(mock.url + ENDPOINT.path, {
          method: 'POST',
          headers: { Authorization: `APPCODE code-${i}` },
          body: new URLSearchParams({
            name: PERSON.name,
            idcard: PERSON.idCard,
            mobile: `160000${String(i % 100_000).padStart(5, '0')}`.slice(0, 11).replace(/^16000099/, '16000021'),
          }),
        }).then((response) => response.arrayBuffer());
      }
      return heapAfterCollection();
    };
    const before = await round(0);
    const after = await round(1500);
    expect(after - before).toBeLessThan(4 * 1024 * 1024);
  });
});
