import { describe, expect, it } from '@jest/globals';
import { createHmac } from 'node:crypto';
import { sign, stringToSign } from './signature.signer.js';

const input = {
  method: 'POST',
  path: '/communication/personal/1979',
  accept: 'application/json',
  contentType: 'application/x-www-form-urlencoded; charset=UTF-8',
  headers: { 'X-Ca-Timestamp': '1700000000000', 'X-Ca-Key': 'key', 'X-Ca-Nonce': 'nonce' },
  form: { name: '测试 甲&乙=丙', mobile: '16000000001', idcard: '', empty: '' },
};

describe('stringToSign', () => {
  it('keeps empty lines, sorts headers and fields, and uses decoded values and bare keys', () => {
    expect(stringToSign(input)).toBe(
      [
        'POST',
        'application/json',
        '',
        'application/x-www-form-urlencoded; charset=UTF-8',
        '',
        'X-Ca-Key:key',
        'X-Ca-Nonce:nonce',
        'X-Ca-Timestamp:1700000000000',
        '/communication/personal/1979?empty&idcard&mobile=16000000001&name=测试 甲&乙=丙',
      ].join('\n'),
    );
  });

  it('omits the question mark without fields', () => {
    expect(stringToSign({ ...input, form: {}, headers: {} })).toMatch(/\n\n\/communication\/personal\/1979$/);
  });
});

describe('sign', () => {
  it('is the base64 of an HMAC-SHA256 over UTF-8', () => {
    expect(sign(input, 'secret')).toBe(
      createHmac('sha256', Buffer.from('secret'))
        .update(Buffer.from(stringToSign(input), 'utf8'))
        .digest('base64'),
    );
  });
});
