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

  it('accepts the key of the direct channel by the same rules as an AppCode', () => {
    const store = new CredentialStore(['abc'], []);
    expect(authenticate({}, 'key=abc', store)).toBe('key');
    expect(authenticate({}, 'key=abcd', store)).toBe('invalid-appcode');
    for (const key of ['a b', 'x'.repeat(129), '%E6%B5%8B', '+abc', 'abc+'])
      expect([key, authenticate({}, `key=${key}`)]).toEqual([key, 'invalid-appcode']);
  });

  it('takes text before the scheme for no AppCode', () => {
    expect(authenticate({ authorization: 'x APPCODE abc' })).toBe('invalid-appcode');
  });

  it('finds no key where the body is no form', () => {
    const request = { method: 'POST', url: '/', headers: {}, body: Buffer.from('x'), form: undefined };
    const store = new CredentialStore(undefined, undefined);
    expect(new Authenticator(store, registry(), 'masked').authenticate(request)).toEqual({
      ok: false,
      rowId: 'empty-signature',
    });
  });

  it('names the channel, and the same namespace for a code in either place', () => {
    const namespaces = registry();
    const authenticator = new Authenticator(new CredentialStore(undefined, undefined), namespaces, 'masked');
    const request = (headers: Record<string, string>, body = '') =>
      authenticator.authenticate({
        method: 'POST',
        url: '/',
        headers,
        body: Buffer.from(body),
        form: parseForm(Buffer.from(body)),
      });
    const namespace = namespaces.of({ kind: 'code', code: 'abc' });
    expect(request({}, 'key=abc')).toEqual({ ok: true, channel: 'key', namespace });
    expect(request({ authorization: 'APPCODE abc' })).toEqual({ ok: true, channel: 'appcode', namespace });
    const unsigned = { 'x-ca-key': 'abc', 'x-ca-signature': 'x' };
    expect(request(unsigned)).toMatchObject({ ok: false, namespace: namespaces.of({ kind: 'app', appKey: 'abc' }) });
  });

  it('lets a pass into its namespace until it ends, whatever codes are accepted', () => {
    const namespaces = registry();
    const authenticator = new Authenticator(new CredentialStore(['abc'], []), namespaces, 'masked');
    const namespace = namespaces.of({ kind: 'code', code: 'abc' });
    const ask = (code: string) =>
      authenticator.authenticate({
        method: 'POST',
        url: '/',
        headers: { authorization: `APPCODE ${code}` },
        body: Buffer.alloc(0),
        form: undefined,
      });
    const [one, other] = [authenticator.issuePass(namespace), authenticator.issuePass(namespace)];
    expect(one.code).toMatch(/^pass-[-0-9a-f]{36}$/);
    expect(one.code).not.toBe(other.code);
    expect(ask(one.code)).toEqual({ ok: true, channel: 'appcode', namespace });
    one.end();
    expect(ask(one.code)).toEqual({ ok: false, rowId: 'invalid-appcode' });
    expect(ask(other.code)).toEqual({ ok: true, channel: 'appcode', namespace });
    expect(ask('abc')).toEqual({ ok: true, channel: 'appcode', namespace });
    other.end();
  });
});
