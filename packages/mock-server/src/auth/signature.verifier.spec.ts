import { createHash, createHmac } from 'node:crypto';
import { ENDPOINT } from '@identity-verify/contract';
import { describe, expect, it } from '@jest/globals';
import { NamespaceState } from '../namespace/namespace.state.js';
import { NonceBudget } from '../namespace/nonce.memory.js';
import { parseForm } from '../wire/form.parser.js';
import type { ReceivedRequest } from './auth.types.js';
import { verifySignature } from './signature.verifier.js';
import { stringToSign } from './string-to-sign.js';

const SECRET = 'secret';
const NOW = 1_800_000_000_000;
const state = () => new NamespaceState('app:k', { now: () => NOW, seed: 's', idSeed: 's', journalSize: 10 }, false);

function request(
  headers: Record<string, string> = {},
  body = 'name=%E6%B5%8B&idcard=&mobile=16000020001',
  url = '/p',
): ReceivedRequest {
  const bytes = Buffer.from(body);
  return {
    method: 'POST',
    url,
    headers: { accept: 'application/json', ...headers },
    body: bytes,
    form: parseForm(bytes),
  };
}

function signed(unsigned: ReceivedRequest, secret = SECRET, method = 'sha256'): ReceivedRequest {
  const signature = createHmac(method, secret).update(stringToSign(unsigned), 'utf8').digest('base64');
  return { ...unsigned, headers: { ...unsigned.headers, 'x-ca-signature': signature } };
}

const verify = (presented: ReceivedRequest, of = state()) => verifySignature(presented, SECRET, of, 'masked')?.rowId;

describe('the string to sign', () => {
  it('keeps a line for every empty field, sorts, decodes, and signs an empty value as the name alone', () => {
    const headers = { 'x-ca-signature-headers': 'X-Ca-Timestamp,X-Ca-Key', 'x-ca-key': 'k', 'x-ca-timestamp': '1' };
    expect(stringToSign(request(headers, 'name=%E6%B5%8B&idcard=&mobile=1', '/p?b=2&a'))).toBe(
      'POST\napplication/json\n\n\n\nX-Ca-Key:k\nX-Ca-Timestamp:1\n/p?a&b=2&idcard&mobile=1&name=测',
    );
  });

  it('writes header names as listed, and never signs a header that has its own line', () => {
    const own = 'Accept,Content-MD5,Content-Type,Date,X-Ca-Signature,X-Ca-Signature-Headers';
    const headers = { 'x-ca-signature-headers': `${own}, x-CA-key `, 'x-ca-signature': 's', 'x-ca-key': 'k' };
    expect(stringToSign(request({ ...headers, 'content-md5': 'm', 'content-type': 'c', date: 'd' }, '', '/p'))).toBe(
      'POST\napplication/json\nm\nc\nd\nx-CA-key:k\n/p',
    );
  });

  it('prefers the form to the query', () => {
    expect(stringToSign(request({}, 'a=form', '/p?a=query'))).toMatch(/\/p\?a=form$/);
  });
});

describe('a signature', () => {
  const full = {
    'x-ca-key': 'k',
    'x-ca-timestamp': String(NOW),
    'x-ca-nonce': 'n',
    'x-ca-signature-headers': 'x-ca-key,x-ca-nonce,x-ca-timestamp',
  };

  it('may come again without a nonce', () => {
    const of = state();
    const presented = signed(request({ 'x-ca-key': 'k' }));
    expect([verify(presented, of), verify(presented, of)]).toEqual([undefined, undefined]);
  });

  it('is accepted if correct, with or without timestamp and nonce', () => {
    expect(verify(signed(request(full)))).toBeUndefined();
    expect(verify(signed(request()))).toBeUndefined();
  });

  it('is reported as empty if it is missing', () => {
    expect(verify(request(full))).toBe('empty-signature');
  });

  it.each([
    ['another secret', signed(request(full), 'other')],
    ['another method', { ...signed(request(full)), method: 'PUT' }],
    ['another path', { ...signed(request(full)), url: '/q' }],
    [
      'another signed header',
      { ...signed(request(full)), headers: { ...signed(request(full)).headers, 'x-ca-nonce': 'm' } },
    ],
    ['another accept', { ...signed(request(full)), headers: { ...signed(request(full)).headers, accept: '*/*' } }],
    ['another form', { ...signed(request(full)), form: parseForm(Buffer.from('name=x')) }],
    [
      'a sloppy spelling of base64',
      {
        ...signed(request(full)),
        headers: {
          ...signed(request(full)).headers,
          'x-ca-signature': `${String(signed(request(full)).headers['x-ca-signature'])}=`,
        },
      },
    ],
  ])('is rejected with %s', (_, tampered) => {
    expect(verify(tampered)).toBe('invalid-signature');
  });

  it.each([
    [0, undefined],
    [-900_000, undefined],
    [900_000, undefined],
    [-900_001, 'timestamp-expired'],
    [900_001, 'timestamp-expired'],
  ])('is valid within 15 minutes: %i ms', (offset, refusal) => {
    expect(verify(signed(request({ ...full, 'x-ca-timestamp': String(NOW + offset) })))).toBe(refusal);
  });

  it.each(['yesterday', '-1', '1e12', '0x1', ' 1'])('requires a timestamp in milliseconds, not %j', (timestamp) => {
    expect(verify(signed(request({ ...full, 'x-ca-timestamp': timestamp })))).toBe('timestamp-expired');
  });

  it('uses up its nonce only if it is correct', () => {
    const of = state();
    expect(verify({ ...signed(request(full)), method: 'PUT' }, of)).toBe('invalid-signature');
    expect(verify(signed(request(full)), of)).toBeUndefined();
    expect(verify(signed(request(full)), of)).toBe('nonce-used');
  });

  it('covers a body that is not a form with its Content-MD5', () => {
    const body = Buffer.from('{"scenarios":["match"]}');
    const md5 = createHash('md5').update(body).digest('base64');
    const json = { ...request({ 'content-type': 'application/json', 'content-md5': md5 }), body, form: undefined };
    expect(verify(signed(json))).toBeUndefined();
    expect(verify({ ...signed(json), body: Buffer.from('{"scenarios":["hang"]}') })).toBe('invalid-signature');
  });

  it.each(['HmacSHA256', 'HmacSHA1'])('is verified by the method %s', (method) => {
    const by = method === 'HmacSHA1' ? 'sha1' : 'sha256';
    const headers = {
      ...full,
      'x-ca-signature-method': method,
      'x-ca-signature-headers': `${full['x-ca-signature-headers']},x-ca-signature-method`,
    };
    expect(verify(signed(request(headers), SECRET, by))).toBeUndefined();
    expect(verify(signed(request(headers), 'other', by))).toBe('invalid-signature');
    expect(verify(signed(request(headers), SECRET, by === 'sha1' ? 'sha256' : 'sha1'))).toBe('invalid-signature');
  });

  it.each(['HmacMD5', 'hmacsha256', 'sha256', 'constructor', '__proto__', 'HmacSHA256,HmacSHA1'])(
    'is rejected with the unknown method %j',
    (method) => {
      for (const by of ['sha1', 'sha256', 'md5'])
        expect(verify(signed(request({ ...full, 'x-ca-signature-method': method }), SECRET, by))).toBe(
          'invalid-signature',
        );
    },
  );
});

describe('the echo of a refused signature', () => {
  const echo = (wrong: ReceivedRequest, how: 'masked' | 'raw' | 'off' = 'masked') =>
    verifySignature(signed(wrong, 'other'), SECRET, state(), how)?.message;
  const form = 'name=测试甲&idcard=110101190001010014&mobile=16000020001';

  it('masks the person, shows everything, or shows nothing', () => {
    expect(echo(request({}, form, ENDPOINT.path))).toBe(
      `Invalid Signature, Server StringToSign:POST#application/json####${ENDPOINT.path}?idcard=1*** … ***4&mobile=160******01&name=测*`,
    );
    expect(echo(request({}, form), 'raw')).toContain('idcard=110101190001010014');
    expect(echo(request({}, form), 'off')).toBe('Invalid Signature, Server StringToSign:');
  });

  it('keeps the details that help to find a mistake: the order, common media types and the names of the gateway', () => {
    const headers = {
      'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
      'x-ca-signature-headers': 'X-Ca-Key,X-Ca-Timestamp',
      'x-ca-key': 'k',
      'x-ca-timestamp': '1',
    };
    expect(echo(request(headers, '', ENDPOINT.path))).toBe(
      `Invalid Signature, Server StringToSign:POST#application/json##${headers['content-type']}##X-Ca-Key:***#X-Ca-Timestamp:***#${ENDPOINT.path}`,
    );
  });

  // A defective client can put personal data or a secret in any of these places.
  const SECRETS = ['110101190001010014', '16000020001', 'ceshijia', '测试甲', 'Zm9vYmFy'];
  it.each([
    ['the name of a parameter', (secret: string) => request({}, `${encodeURIComponent(secret)}=x`)],
    ['the name of a parameter without a value', (secret: string) => request({}, encodeURIComponent(secret))],
    ['the name of a parameter in the query', (secret: string) => request({}, '', `/p?${encodeURIComponent(secret)}=1`)],
    ['the value of an unknown parameter', (secret: string) => request({}, `x=${encodeURIComponent(secret)}`)],
    [
      'the value of a parameter with a name from Object',
      (secret: string) => request({}, `constructor=${encodeURIComponent(secret)}`),
    ],
    ['the credential of the direct channel', (secret: string) => request({}, `key=${encodeURIComponent(secret)}`)],
    ['the path', (secret: string) => request({}, '', `/p/${encodeURIComponent(secret)}`)],
    ['a path of the mock', (secret: string) => request({}, '', `/__admin/${secret}`)],
    ['a signed header', (secret: string) => request({ 'x-ca-signature-headers': 'x-more', 'x-more': secret })],
    ['the name of a signed header', (secret: string) => request({ 'x-ca-signature-headers': `x-${secret},${secret}` })],
    [
      'a signed header of the gateway',
      (secret: string) => request({ 'x-ca-signature-headers': 'X-Ca-Nonce', 'x-ca-nonce': secret }),
    ],
    [
      'the timestamp',
      (secret: string) => request({ 'x-ca-signature-headers': 'x-ca-timestamp', 'x-ca-timestamp': secret }),
    ],
    ['Accept', (secret: string) => request({ accept: `application/json; q=${secret}` })],
    ['Content-Type', (secret: string) => request({ 'content-type': `application/${secret}` })],
    ['Content-MD5', (secret: string) => request({ 'content-md5': secret })],
    ['Date', (secret: string) => request({ date: secret })],
  ])('never contains %s', (_, withSecret) => {
    for (const secret of SECRETS) {
      const told = echo(withSecret(secret)) ?? '';
      expect(told).toMatch(/^Invalid Signature, Server StringToSign:POST#/);
      for (const shown of [secret, encodeURIComponent(secret)]) expect(told).not.toContain(shown);
    }
  });
});

describe('the limit of a signature', () => {
  const nonce = (value: string) => ({ 'x-ca-signature-headers': 'x-ca-nonce', 'x-ca-nonce': value });

  it('is a nonce of 128 characters', () => {
    expect(verify(signed(request(nonce('n'.repeat(128)))))).toBeUndefined();
    expect(verify(signed(request(nonce('n'.repeat(129)))))).toBe('invalid-header');
  });

  it('is a list of 32 signed headers and 1,024 characters', () => {
    const list = (count: number) => ({
      'x-ca-signature-headers': Array.from({ length: count }, () => 'x-a').join(','),
    });
    expect(verify(signed(request(list(32))))).toBeUndefined();
    expect(verify(signed(request(list(33))))).toBe('invalid-header');
    expect(verify(signed(request({ 'x-ca-signature-headers': 'x'.repeat(1024) })))).toBeUndefined();
    expect(verify(signed(request({ 'x-ca-signature-headers': 'x'.repeat(1025) })))).toBe('invalid-header');
    expect(verify(signed(request({ 'x-ca-signature-headers': ','.repeat(1000) })))).toBe('invalid-header');
  });

  it('is the number of nonces that the namespace may store', () => {
    const budget = new NonceBudget(3);
    const of = new NamespaceState(
      'app:k',
      { now: () => NOW, seed: 's', idSeed: 's', journalSize: 10, nonces: budget },
      false,
    );
    const ask = (value: string) => verify(signed(request(nonce(value))), of);
    expect(['a', 'b', 'c', 'd', 'a'].map(ask)).toEqual([
      undefined,
      undefined,
      undefined,
      'throttled-by-app',
      'nonce-used',
    ]);
    expect(budget.used).toBe(3);
  });
});
