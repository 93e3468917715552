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
  it('accepts an AppCode, or a key if there is no header', () => {
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
  ])('rejects the common mistake %j', (authorization) => {
    expect(authenticate({ authorization })).toBe('invalid-appcode');
  });

  it('reports an empty signature if the request has no credential', () => {
    expect(authenticate({})).toBe('empty-signature');
    expect(authenticate({}, 'key=')).toBe('empty-signature');
  });

  it('accepts only listed credentials, if there is a list', () => {
    const store = new CredentialStore(['abc', 'def'], [{ appKey: 'k', appSecret: 's' }]);
    const codes = ['abc', 'def', 'ab', 'abcd', ''].map((code) =>
      authenticate({ authorization: `APPCODE ${code}` }, '', store),
    );
    expect(codes).toEqual(['appcode', 'appcode', 'invalid-appcode', 'invalid-appcode', 'invalid-appcode']);
    expect(authenticate({ 'x-ca-key': 'other', 'x-ca-signature': 'x' }, '', store)).toBe('invalid-appkey');
    expect(authenticate({ 'x-ca-key': 'k', 'x-ca-signature': 'x' }, '', store)).toBe('invalid-signature');
  });

  it('requires an AppKey with a signature, and a signature with an AppKey', () => {
    expect(authenticate({ 'x-ca-signature': 'x' })).toBe('invalid-appkey');
    expect(authenticate({ 'x-ca-key': 'k' })).toBe('empty-signature');
  });

  it('derives a secret for every AppKey if there is no list', () => {
    expect(defaultAppSecret('a')).not.toBe(defaultAppSecret('b'));
  });
});
