import { describe, expect, it } from '@jest/globals';
import type { ExecutionContext } from '@nestjs/common';
import { unreadBodyOf } from './unread.body.js';

interface Received {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
}

const during = (request: Received | undefined, type = 'http'): ExecutionContext =>
  ({ getType: () => type, switchToHttp: () => ({ getRequest: () => request }) }) as never;
const typeOf = (mediaType: string | undefined, body?: unknown) =>
  unreadBodyOf(
    during({ body, headers: { 'content-length': '2', ...(mediaType !== undefined && { 'content-type': mediaType }) } }),
  )?.mediaType;

describe('the media type of a body that nothing read', () => {
  it.each([
    'application/json',
    'application/x-www-form-urlencoded',
    'multipart/form-data',
    'text/plain',
    'application/octet-stream',
  ])('is named: %s', (mediaType) => {
    expect(typeOf(mediaType)).toBe(mediaType);
    expect(typeOf(` ${mediaType.toUpperCase()} ; charset=utf-8; a=b`)).toBe(mediaType);
  });

  it.each(['application/xml', 'application/json-but-not', 'xtext/plain', '', undefined])(
    'is not repeated: %s',
    (mediaType) => {
      expect(typeOf(mediaType)).toBe('another media type');
    },
  );
});

describe('a body counts as read', () => {
  it.each(['application/json', 'application/x-www-form-urlencoded'])('in %s, whatever was parsed', (mediaType) => {
    for (const body of [{}, [], null, 0, '']) expect(typeOf(mediaType, body)).toBeUndefined();
  });

  it.each(['multipart/form-data', 'text/plain', 'application/xml'])(
    'in %s, only as an object with fields',
    (mediaType) => {
      expect(typeOf(mediaType, { name: 'x' })).toBeUndefined();
      for (const body of [{}, null, 'a text', Buffer.from('bytes'), undefined])
        expect(typeOf(mediaType, body)).toBeDefined();
    },
  );
});

describe('there is no unread body', () => {
  it.each<[string, Received | undefined]>([
    ['without a request', undefined],
    ['without headers', {}],
    ['without a length', { headers: { 'content-type': 'text/plain' } }],
    ['with a length of 0', { headers: { 'content-type': 'text/plain', 'content-length': '0' } }],
    ['with a length that is no number', { headers: { 'content-type': 'text/plain', 'content-length': 'x' } }],
  ])('%s', (_what, request) => {
    expect(unreadBodyOf(during(request))).toBeUndefined();
  });

  it('outside HTTP', () => {
    const headers = { 'content-type': 'text/plain', 'content-length': '2' };
    expect(unreadBodyOf(during({ headers }, 'rpc'))).toBeUndefined();
  });

  it('but there is one that comes in chunks, without a length', () => {
    expect(unreadBodyOf(during({ headers: { 'transfer-encoding': 'chunked' } }))).toBeDefined();
  });
});

describe('the advice', () => {
  const unread = (mediaType: string) =>
    unreadBodyOf(during({ headers: { 'content-type': mediaType, 'content-length': '2' } }));

  it('tells the caller what to send', () => {
    expect(unread('text/plain')?.detail).toBe('The body (text/plain) was not read. Send application/json.');
  });

  it.each([
    ['application/json', "Leave Nest's body parser on, or register one."],
    [
      'multipart/form-data',
      'Interceptors such as FileInterceptor run after guards: parse it in a middleware (on Express `multer().none()`, ' +
        'on Fastify @fastify/multipart with `attachFieldsToBody: "keyValues"`), or take the identity from elsewhere ' +
        'with `from`.',
    ],
    [
      'text/plain',
      'Let callers send JSON, or parse it in a middleware, or take the identity from elsewhere with `from`.',
    ],
  ])('tells the operator what to do about %s', (mediaType, what) => {
    expect(unread(mediaType)?.advice).toBe(
      `A guarded route received a body (${mediaType}) that nothing had parsed before the guard ran. ${what}`,
    );
  });
});
