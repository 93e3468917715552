import { TEST_POPULATION } from '@identity-verify/contract';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createHmac } from 'node:crypto';
import { inspect } from 'node:util';
import { LedgerKeys } from './ledger.keys.js';

const secret = 'a pepper that is long enough for this';
const keys = new LedgerKeys([{ kid: '2026', secret }]);
const [person, otherPerson] = TEST_POPULATION;

describe('LedgerKeys', () => {
  it('include the version and the pepper ID, but no personal data', () => {
    const [key = ''] = keys.question('s', person);
    expect(key).toMatch(/^v1\.2026\.[\w+/]{43}=$/);
    for (const value of Object.values(person)) expect(key).not.toContain(value);
  });

  it('are equal for equal questions only', () => {
    expect(keys.question('s', person)).toEqual(keys.question('s', { ...person }));
    const all = [
      keys.question('s', person),
      keys.question('t', person),
      keys.question('s', otherPerson),
      keys.idNumber('s', person.idCard),
      keys.mobile('s', person.mobile),
      keys.mobile('s', person.idCard),
      new LedgerKeys([{ kid: '2026', secret: `${secret}!` }]).question('s', person),
    ].flat();
    expect(new Set(all).size).toBe(all.length);
  });

  it('stay the same, because a store keeps them over an upgrade', () => {
    const { name, idCard, mobile } = person;
    const written = (message: string) => [`v1.2026.${createHmac('sha256', secret).update(message).digest('base64')}`];
    expect(keys.question('tenant', person)).toEqual(written(`q6:tenant9:${name}18:${idCard}11:${mobile}`));
    expect(keys.idNumber('tenant', idCard)).toEqual(written(`i6:tenant18:${idCard}`));
    expect(keys.mobile('tenant', mobile)).toEqual(written(`m6:tenant11:${mobile}`));
  });

  it('separate fields unambiguously', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), fc.nat(8), (name, idCard, mobile, cut) => {
        const moved = { name: name + idCard.slice(0, cut), idCard: idCard.slice(cut), mobile };
        fc.pre(moved.name !== name);
        expect(keys.question('s', moved)).not.toEqual(keys.question('s', { name, idCard, mobile }));
      }),
    );
  });

  it('include a key per pepper, the current one first', () => {
    const rotated = new LedgerKeys([
      { kid: 'new', secret: `${secret}2` },
      { kid: '2026', secret },
    ]);
    const [current, older] = rotated.question('s', person);
    expect(current).toMatch(/^v1\.new\./);
    expect([older]).toEqual(keys.question('s', person));
  });

  it('seal fields under the pepper that made a key, and under no other', () => {
    const rotated = new LedgerKeys([
      { kid: 'new', secret: `${secret}2` },
      { kid: '2026', secret },
    ]);
    const sealed = (key: string, by: string) => createHmac('sha256', by).update(key).digest('base64');
    expect(rotated.seal('v1.2026.key', ['a', 'bc'])).toBe(sealed('s11:v1.2026.key1:a2:bc', secret));
    expect(rotated.seal('v1.new.key', ['a', 'bc'])).toBe(sealed('s10:v1.new.key1:a2:bc', `${secret}2`));
    expect(rotated.seal('v1.2025.key', ['a', 'bc'])).toBeUndefined();
    expect(rotated.seal('the key that ends with v1.2026.', ['a'])).toBeUndefined();
  });

  it('do not print a pepper', () => {
    expect(inspect(keys, { depth: 20, showHidden: true })).not.toContain(secret);
    expect(JSON.stringify(keys)).toBe('{}');
  });

  it('use a different ephemeral pepper each time', () => {
    expect(LedgerKeys.ephemeralPepper().kid).toBe('tmp');
    expect(LedgerKeys.ephemeralPepper().secret).not.toBe(LedgerKeys.ephemeralPepper().secret);
  });
});
