import { describe, expect, it } from '@jest/globals';
import { NamespaceRegistry } from './namespace.registry.js';
import { NonceBudget } from './nonce.memory.js';

const environment = { now: () => 0, seed: 's', idSeed: 's', journalSize: 10 };
const code = (name: string) => ({ kind: 'code', code: name }) as const;

describe('the registry of namespaces', () => {
  it('knows an owner again, and keeps an AppCode and an AppKey of the same spelling apart', () => {
    const registry = new NamespaceRegistry(environment, 10);
    expect(registry.of(code('a'))).toBe(registry.of(code('a')));
    expect(registry.of(code('a'))).not.toBe(registry.of({ kind: 'app', appKey: 'a' }));
  });

  it('drops the one that was quiet for longest, and says of a later one that it may have lost its journal', () => {
    const registry = new NamespaceRegistry(environment, 2);
    const [a] = [registry.of(code('a')), registry.of(code('b')), registry.of(code('a'))];
    const c = registry.of(code('c'));
    expect(registry.of(code('a'))).toBe(a);
    expect(registry.size).toBe(2);
    expect(registry.peek(code('b'))).toBeUndefined();
    expect([a?.mayHaveLost, c.mayHaveLost]).toEqual([false, true]);
    c.reset();
    expect(c.mayHaveLost).toBe(false);
  });

  it('gives back the nonces of a namespace that it drops', () => {
    const nonces = new NonceBudget(10);
    const registry = new NamespaceRegistry({ ...environment, nonces }, 1);
    registry.of(code('a')).nonces.use('n', 1_000);
    expect(nonces.used).toBe(1);
    registry.of(code('b'));
    expect(nonces.used).toBe(0);
  });

  it('names a namespace by a hash that does not hold the credential', () => {
    const { id } = new NamespaceRegistry(environment, 2).of(code('abcdef12'));
    expect(id).toMatch(/^[0-9a-f]{8}$/);
    expect(id).not.toBe('abcdef12');
  });
});
