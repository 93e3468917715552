import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { reachableUrl } from './reachable-url.js';
import { toOriginForm } from './request-target.js';

const HOST = 'as-sent:1';

describe('the target of a request', () => {
  it.each([
    ['http://host/communication/personal/1979', '/communication/personal/1979', 'host'],
    ['HTTPS://Host:8443/a?b=c', '/a?b=c', 'Host:8443'],
    ['http://[::1]:80/a', '/a', '[::1]:80'],
    ['http://host', '/', 'host'],
    ['http://host?b', '/?b', 'host'],
    ['http://host/http://other/', '/http://other/', 'host'],
    ['/a?b=http://other/', '/a?b=http://other/', HOST],
    ['//other/a', '//other/a', HOST],
    ['*', '*', HOST],
    ['host:443', 'host:443', HOST],
    ['http:///a', 'http:///a', HOST],
    ['http://user@other/a', 'http://user@other/a', HOST],
    ['ftp://host/a', 'ftp://host/a', HOST],
    ['', '', HOST],
  ])('%j means %j at %s', (url, target, host) => {
    const request = { url, headers: { host: HOST } } as IncomingMessage;
    expect(toOriginForm(request)).toBe(target);
    expect([request.url, request.headers.host]).toEqual([target, host]);
  });
});

describe('the address of the server', () => {
  it.each([
    ['0.0.0.0', 'IPv4', 'http://127.0.0.1:1979'],
    ['::', 'IPv6', 'http://[::1]:1979'],
    ['127.0.0.1', 'IPv4', 'http://127.0.0.1:1979'],
    ['::1', 'IPv6', 'http://[::1]:1979'],
    ['192.0.2.1', 'IPv4', 'http://192.0.2.1:1979'],
  ])('is reachable for %s', (address, family, url) => {
    expect(reachableUrl('http', { address, family, port: 1979 })).toBe(url);
  });
});
