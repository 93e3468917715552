import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createRequire } from 'node:module';
import { parse } from 'node:url';
import { sign, stringToSign, type SigningInput } from './signature.signer.js';

/** The part of the gateway's Node SDK that the test uses, as an independent implementation. */
interface GatewaySdk {
  buildStringToSign(method: string, headers: object, signedHeaders: string, url: object, form: object): string;
  sign(text: string): string;
  getSignedHeadersString(names: string[], headers: object): string;
}
const { Client } = createRequire(import.meta.url)('aliyun-api-gateway') as {
  Client: new (key: string, secret: string) => GatewaySdk;
};

const SECRET = 'a-secret';
const sdk = new Client('a-key', SECRET);

function bySdk({ method, path, accept, contentType, headers, form }: SigningInput): {
  text: string;
  signature: string;
} {
  const signed = sdk.getSignedHeadersString(Object.keys(headers).sort(), headers);
  const text = sdk.buildStringToSign(
    method,
    { accept, 'content-type': contentType },
    signed,
    parse(`http://h${path}`, true),
    form,
  );
  return { text, signature: sdk.sign(text) };
}

const input = (form: Record<string, string>): SigningInput => ({
  method: 'POST',
  path: '/communication/personal/1979',
  accept: 'application/json',
  contentType: 'application/x-www-form-urlencoded; charset=UTF-8',
  headers: { 'x-ca-key': 'a-key', 'x-ca-nonce': 'n', 'x-ca-timestamp': '1700000000000' },
  form,
});

describe("the gateway's own SDK", () => {
  it.each([
    [{ name: '测试甲', idcard: '110101190001010014', mobile: '16000000001' }],
    [{ name: 'A B', idcard: 'a&b=c', mobile: '100%+/?#' }],
    [{ name: '', idcard: '', mobile: '' }],
    [{ name: '𠮷·买买提', key: 'k', mobile: '\u00a0' }],
    [{}],
  ])('computes the same signature for %j', (form) => {
    const ours = input(form);
    expect(stringToSign(ours)).toBe(bySdk(ours).text);
    expect(sign(ours, SECRET)).toBe(bySdk(ours).signature);
  });

  it('computes the same signature for every form', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ minLength: 1 }), fc.string({ unit: 'grapheme' })), (form) => {
        fc.pre(!Object.hasOwn(form, '__proto__'));
        const ours = input(form);
        expect(sign(ours, SECRET)).toBe(bySdk(ours).signature);
      }),
      { numRuns: 500 },
    );
  });
});
