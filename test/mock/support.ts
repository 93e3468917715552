import { connect } from 'node:net';
import { afterEach } from '@jest/globals';
import { ENDPOINT, TEST_POPULATION, type TestPerson } from '@identity-verify/contract';
import { startMockServer, type MockServer, type MockServerOptions } from '@identity-verify/mock-server';

export const [PERSON] = TEST_POPULATION;

const started: MockServer[] = [];
afterEach(() => Promise.all(started.splice(0).map((mock) => mock.close())));

/** Starts a mock on a free port and closes it after the test, even if the test fails. */
export async function startMock(options: MockServerOptions = {}): Promise<MockServer> {
  const mock = await startMockServer({ port: 0, ...options });
  started.push(mock);
  return mock;
}

/** A reply of the data route. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly decision: string | null;
  readonly gateway: string | null;
  readonly body: {
    code?: string;
    data?: { state?: string } | null;
    seqNo?: string;
    mock?: { error: string; message: string; nearest?: string[] };
  };
}

export function formOf({ name, idCard, mobile }: TestPerson): URLSearchParams {
  return new URLSearchParams({ name, idcard: idCard, mobile });
}

/** Calls the data route, with an AppCode unless other headers are given. */
export async function ask(
  mock: Pick<MockServer, 'url'>,
  who: string | Record<string, string>,
  person: Partial<TestPerson> = {},
): Promise<Answer> {
  const headers = typeof who === 'string' ? { Authorization: `APPCODE ${who}` } : who;
  const response = await fetch(mock.url + ENDPOINT.path, {
    method: 'POST',
    headers,
    body: formOf({ ...PERSON, ...person }),
    redirect: 'manual',
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    decision: response.headers.get('X-Mock-Decision'),
    gateway: response.headers.get('X-Ca-Error-Message'),
    body: text.startsWith('{') ? (JSON.parse(text) as Answer['body']) : {},
  };
}

/** How a raw exchange ended. */
export type Ending = 'end' | 'reset' | 'open';

/**
 * Sends bytes unchanged and collects the reply until the other side closes or `enough` returns true. The exchange has
 * no timeout of its own.
 */
export function exchange(
  port: number,
  bytes: Uint8Array | string,
  { enough, halfClose = false }: { enough?: (received: Buffer) => boolean; halfClose?: boolean } = {},
): Promise<{ received: Buffer; ending: Ending }> {
  return new Promise((resolve) => {
    let received = Buffer.alloc(0);
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    const done = (ending: Ending) => {
      resolve({ received, ending });
      socket.destroy();
    };
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      if (enough?.(received)) done('open');
    });
    socket.on('end', () => done('end'));
    socket.on('error', () => done('reset'));
    socket.on('close', () => done('end'));
    if (halfClose) socket.end(bytes);
    else socket.write(bytes);
  });
}

/** The bytes of a well-formed request. */
export function rawQuestion(mobile: string, more: readonly string[] = [], appCode = 'raw'): string {
  const body = formOf({ ...PERSON, mobile }).toString();
  const head = [
    `POST ${ENDPOINT.path} HTTP/1.1`,
    'Host: 127.0.0.1',
    `Authorization: APPCODE ${appCode}`,
    `Content-Type: ${ENDPOINT.contentType}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...more,
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}
