import { expect, it, jest } from '@jest/globals';
import { ENDPOINT } from '@identity-verify/contract';
import { exchange, PERSON, rawQuestion, startMock } from './support.js';

// Long enough for a busy machine; a hang still fails.
jest.setTimeout(60_000);

const absolute = (authority: string) =>
  rawQuestion(PERSON.mobile, ['Connection: close']).replace(ENDPOINT.path, `http://${authority}${ENDPOINT.path}`);
const get = (target: string, host = '127.0.0.1') =>
  `GET ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;

it('a request target in absolute form, as a proxy sends it, is answered like any other', async () => {
  const mock = await startMock();
  const { received } = await exchange(mock.port, absolute('upstream.example'));
  expect(received.toString()).toMatch(/^HTTP\/1\.1 200 [^]*"state":"1"/);
  expect(mock.namespace('raw').calls()).toBe(1);
});

it.each([
  [`http://evil.example/__admin/metrics`, 403],
  [`http://127.0.0.1/__admin/health`, 200],
  [`http://localhost:80/`, 200],
  [`http://127.0.0.1/nowhere`, 404],
])('the admin API checks the host of an absolute target: %s', async (target, status) => {
  const mock = await startMock();
  const { received } = await exchange(mock.port, get(target));
  expect(received.toString()).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
});

it.each([
  ['OPTIONS * HTTP/1.1', 'Invalid Url'],
  ['GET other:443 HTTP/1.1', 'Invalid Url'],
  ['CONNECT other:443 HTTP/1.1', 'API Not Found'],
  ['POST http://user@other/communication/personal/1979 HTTP/1.1', 'Invalid Url'],
])('%s gets a reply of the gateway', async (line, message) => {
  const mock = await startMock();
  const { received } = await exchange(mock.port, `${line}\r\nHost: other\r\nConnection: close\r\n\r\n`);
  expect(received.toString()).toContain(`X-Ca-Error-Message: ${message}`);
});

it('an unknown Expect is ignored', async () => {
  const mock = await startMock();
  const { received } = await exchange(mock.port, rawQuestion(PERSON.mobile, ['Expect: tea', 'Connection: close']));
  expect(received.toString()).toMatch(/^HTTP\/1\.1 200 /);
});
