import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { NamespaceState } from '../namespace/namespace.state.js';
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

function signed(unsigned: ReceivedRequest, secret = SECRET): ReceivedRequest {
  const signature = createHmac('sha256', secret).update(stringToSign(unsigned), 'utf8').digest('base64');
  return { ...unsigned, headers: { ...unsigned.headers, 'x-ca-signature': signature } };
}

const verify = (presented: ReceivedRequest, of = state()) => verifySignature(presented, SECRET, of, 'masked')?.rowId;

describe('the string to sign', () => {
  it('keeps a line for every empty field, sorts, decodes, and signs an empty value as the bare name', () => {
    const headers = { 'x-ca-signature-headers': 'X-Ca-Timestamp,X-Ca-Key', 'x-ca-key': 'k', 'x-ca-timestamp': '1' };
    expect(stringToSign(request(headers, 'name=%E6%B5%8B&idcard=&mobile=1', '/p?b=2&a'))).toBe(
      'POST\napplication/json\n\n\n\nX-Ca-Key:k\nX-Ca-Timestamp:1\n/p?a&b=2&idcard&mobile=1&name=测',
    );
  });

  it('writes header names exactly as they are listed, and never signs what has a place of its own', () => {
    const headers = { 'x-ca-signature-headers': 'Accept, x-CA-key ,Content-Type,X-Ca-Signature,Date', 'x-ca-key': 'k' };
    expect(stringToSign(request(headers, '', '/p'))).toBe('POST\napplication/json\n\n\n\nx-CA-key:k\n/p');
  });

  it('lets the form win over the query', () => {
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

  it('counts when it is right, with or without timestamp and nonce', () => {
    expect(verify(signed(request(full)))).toBeUndefined();
    expect(verify(signed(request()))).toBeUndefined();
  });

  it('is empty when it is missing', () => {
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
  ])('does not count with %s', (_, tampered) => {
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

  it.each(['yesterday', '-1', '1e12', '0x1', ' 1'])('wants a timestamp in milliseconds, not %j', (timestamp) => {
    expect(verify(signed(request({ ...full, 'x-ca-timestamp': timestamp })))).toBe('timestamp-expired');
  });

  it('uses a nonce up, but not by a wrong signature', () => {
    const of = state();
    expect(verify({ ...signed(request(full)), method: 'PUT' }, of)).toBe('invalid-signature');
    expect(verify(signed(request(full)), of)).toBeUndefined();
    expect(verify(signed(request(full)), of)).toBe('nonce-used');
  });

  it('covers a body that is no form through its Content-MD5', () => {
    const body = Buffer.from('{"scenarios":["match"]}');
    const md5 = createHash('md5').update(body).digest('base64');
    const json = { ...request({ 'content-type': 'application/json', 'content-md5': md5 }), body, form: undefined };
    expect(verify(signed(json))).toBeUndefined();
    expect(verify({ ...signed(json), body: Buffer.from('{"scenarios":["hang"]}') })).toBe('invalid-signature');
  });

  it('is refused with an echo that masks the person, tells all, or tells nothing', () => {
    const wrong = signed(request({}, 'name=测试甲&idcard=110101190001010014&mobile=16000020001'), 'other');
    const echo = (how: 'masked' | 'raw' | 'off') => verifySignature(wrong, SECRET, state(), how)?.message;
    expect(echo('masked')).toBe(
      'Invalid Signature, Server StringToSign:POST#application/json####/p?idcard=1*** … ***4&mobile=160******01&name=测*',
    );
    expect(echo('raw')).toContain('idcard=110101190001010014');
    expect(echo('off')).toBe('Invalid Signature, Server StringToSign:');
  });
});
