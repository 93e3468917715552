import { describe, expect, it } from '@jest/globals';
import { NamespaceRegistry } from '../namespace/namespace.registry.js';
import { parseForm } from '../wire/form.parser.js';
import { Authenticator } from './authenticator.js';
import { CredentialStore, defaultAppSecret } from './credentials.js';

const registry = () => new NamespaceRegistry({ now: () => 0, seed: 's', idSeed: 's', journalSize: 10 }, 100);
const authenticate = (
  headers: Record<string, string>,
  body = '',
  store = new CredentialStore(undefined, undefined),
) => {
  const result = new Authenticator(store, registry(), 'masked').authenticate({
    method: 'POST',
    url: '/',
    headers,
    body: Buffer.from(body),
    form: parseForm(Buffer.from(body)),
  });
  return result.ok ? result.channel : result.rowId;
};

describe('authentication', () => {
  it('takes an AppCode, or a key where there is no header', () => {
    expect(authenticate({ authorization: 'APPCODE abc' })).toBe('appcode');
    expect(authenticate({}, 'key=abc&name=x')).toBe('key');
  });

  it.each([
    'APPCODEabc',
    'APPCODE:abc',
    'APPCODE: abc',
    'APPCODE  abc',
    'APPCODE abc def',
    'appcode abc',
    'Bearer abc',
    'abc',
    'APPCODE',
    'APPCODE ä',
    `APPCODE ${'x'.repeat(129)}`,
  ])('refuses the usual mistake %j', (authorization) => {
    expect(authenticate({ authorization })).toBe('invalid-appcode');
  });

  it('says that nothing was signed when nothing is there', () => {
    expect(authenticate({})).toBe('empty-signature');
    expect(authenticate({}, 'key=')).toBe('empty-signature');
  });

  it('accepts only what is on the list, when there is one', () => {
    const store = new CredentialStore(['abc', 'def'], [{ appKey: 'k', appSecret: 's' }]);
    const codes = ['abc', 'def', 'ab', 'abcd', ''].map((code) =>
      authenticate({ authorization: `APPCODE ${code}` }, '', store),
    );
    expect(codes).toEqual(['appcode', 'appcode', 'invalid-appcode', 'invalid-appcode', 'invalid-appcode']);
    expect(authenticate({ 'x-ca-key': 'other', 'x-ca-signature': 'x' }, '', store)).toBe('invalid-appkey');
    expect(authenticate({ 'x-ca-key': 'k', 'x-ca-signature': 'x' }, '', store)).toBe('invalid-signature');
  });

  it('wants an AppKey beside a signature, and a signature beside an AppKey', () => {
    expect(authenticate({ 'x-ca-signature': 'x' })).toBe('invalid-appkey');
    expect(authenticate({ 'x-ca-key': 'k' })).toBe('empty-signature');
  });

  it('gives every AppKey a secret of its own when there is no list', () => {
    expect(defaultAppSecret('a')).not.toBe(defaultAppSecret('b'));
  });
});
