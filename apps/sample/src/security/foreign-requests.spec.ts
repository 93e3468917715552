import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { refuseForeignRequests, type ForeignRequestSettings } from './foreign-requests.js';

const DEFAULTS: ForeignRequestSettings = { host: '127.0.0.1', allowedHosts: [] };

/** The status of a request to port 3000; 0 if it is allowed. */
function statusOf(
  headers: Record<string, string>,
  { method = 'POST', url = '/verifications' } = {},
  settings: Partial<ForeignRequestSettings> = {},
): number {
  const request = { method, url, headers, socket: { localPort: 3000 } } as unknown as IncomingMessage;
  let status = 0;
  const response = {
    writeHead: (code: number) => (status = code),
    end: () => undefined,
  } as unknown as ServerResponse;
  refuseForeignRequests({ ...DEFAULTS, ...settings })(request, response, () => undefined);
  return status;
}

describe('a Host', () => {
  it.each(['localhost:3000', 'LOCALHOST:3000', '127.0.0.1:3000', '127.0.0.2:3000', '[::1]:3000'])(
    'may be %s',
    (host) => {
      expect(statusOf({ host })).toBe(0);
    },
  );

  it.each([
    'evil.example:3000',
    'evil.example',
    'localhost',
    'localhost:3001',
    'localhost.:3000',
    'localhost.evil.example:3000',
    '127.0.0.1.evil.example:3000',
    '192.0.2.1:3000',
    '[::2]:3000',
    'user@localhost:3000',
    'localhost:3000:3000',
    '',
  ])('may not be %j, for any method and any path', (host) => {
    for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'HEAD'])
      for (const url of ['/', '/status', '/playground/journal', '/docs-json', '/metrics', '/health/live/x'])
        expect(statusOf({ host }, { method, url })).toBe(403);
    expect(statusOf({ host }, { method: 'GET', url: '/health/live' })).toBe(0);
  });

  it('may be a host of the setting, with its port or with any port', () => {
    const settings = { allowedHosts: ['app.example', 'other.example:8443'] };
    expect(
      ['app.example', 'app.example:3000', 'other.example:8443'].map((host) => statusOf({ host }, {}, settings)),
    ).toEqual([0, 0, 0]);
    expect(['other.example', 'x.app.example'].map((host) => statusOf({ host }, {}, settings))).toEqual([403, 403]);
  });

  it('may be the address that the server listens on', () => {
    expect(statusOf({ host: '192.0.2.1:3000' }, {}, { host: '192.0.2.1' })).toBe(0);
  });

  it('comes from the target if the target is absolute', () => {
    const host = 'localhost:3000';
    expect(statusOf({ host }, { url: 'http://evil.example/verifications' })).toBe(403);
    expect(statusOf({ host }, { url: `http://${host}/verifications` })).toBe(0);
  });
});

describe('a page of another site', () => {
  const host = 'localhost:3000';
  it.each<[Record<string, string>, { method?: string; url?: string }, number]>([
    [{ origin: 'http://localhost:3000' }, {}, 0],
    [{ origin: 'http://localhost:3000', 'sec-fetch-site': 'same-origin' }, {}, 0],
    [{ 'sec-fetch-site': 'none' }, {}, 0],
    [{ origin: 'http://evil.example' }, {}, 403],
    [{ origin: 'http://localhost:3001' }, {}, 403],
    [{ origin: 'http://localhost' }, {}, 403],
    [{ origin: 'null' }, {}, 403],
    [{ origin: 'file://' }, {}, 403],
    [{ origin: 'http://evil.example' }, { method: 'GET', url: '/status' }, 403],
    [{ origin: 'http://evil.example' }, { method: 'OPTIONS' }, 403],
    [{ 'sec-fetch-site': 'cross-site' }, {}, 403],
    [{ 'sec-fetch-site': 'same-site' }, { method: 'DELETE' }, 403],
    [{ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }, { method: 'POST' }, 403],
    [
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' },
      { method: 'GET', url: '/playground/journal' },
      403,
    ],
    [{ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }, { method: 'GET', url: '/' }, 0],
  ])('%j %j: %i', (headers, request, status) => {
    expect(statusOf({ host, ...headers }, request)).toBe(status);
  });

  it('is recognised by its port, which the scheme may imply', () => {
    const settings = { allowedHosts: ['app.example'] };
    for (const called of ['app.example', 'app.example:443'])
      expect(statusOf({ host: called, origin: 'https://app.example' }, {}, settings)).toBe(0);
    expect(statusOf({ host: 'app.example:443', origin: 'http://app.example' }, {}, settings)).toBe(403);
  });
});
