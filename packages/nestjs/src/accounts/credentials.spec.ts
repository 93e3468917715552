import { describe, expect, it } from '@jest/globals';
import { inspect } from 'node:util';
import { CredentialSource } from './credentials.js';

describe('CredentialSource', () => {
  it('calls a function each time, so that a secret can be rotated', async () => {
    let version = 0;
    const source = new CredentialSource({ appCode: () => `code-${++version}` });
    const read = async () => {
      const resolved = await source.resolve();
      return resolved.kind === 'app_code' && resolved.appCode.open();
    };
    expect([await read(), await read()]).toEqual(['code-1', 'code-2']);
  });

  it('needs no promise once fixed credentials have been checked', async () => {
    const source = new CredentialSource({ appKey: 'a', appSecret: 's' });
    const first = await source.resolve();
    expect(source.resolve()).toBe(first);
    const partlyFixed = new CredentialSource({ appKey: 'a', appSecret: () => 's' });
    await partlyFixed.resolve();
    expect(partlyFixed.resolve()).toBeInstanceOf(Promise);
  });

  it('supports the three channels', async () => {
    expect((await new CredentialSource({ key: async () => 'k' }).resolve()).kind).toBe('key');
    expect((await new CredentialSource({ appKey: 'a', appSecret: () => 's' }).resolve()).kind).toBe('signature');
  });

  it.each(['', 'with space', 'line\r\nbreak', 'ünicode', 'x'.repeat(513), undefined, 7])(
    'refuses %p without repeating it',
    async (value) => {
      const source = new CredentialSource({ appCode: () => value as string });
      const error: unknown = await Promise.resolve(source.resolve()).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(TypeError);
      if (typeof value === 'string' && value !== '') expect(String(error)).not.toContain(value);
    },
  );

  it('prints no secret', () => {
    expect(inspect(new CredentialSource({ appCode: 'do-not-print' }), { depth: 20, showHidden: true })).not.toContain(
      'do-not-print',
    );
  });
});
