import { describe, expect, it } from '@jest/globals';
import { NonceBudget, NonceMemory } from './nonce.memory.js';

const VALIDITY_MS = 1_000;

function memory(budget: NonceBudget, limit?: number) {
  const clock = { now: 0 };
  const nonces = new NonceMemory(budget, () => clock.now, limit);
  return { clock, nonces, use: (nonce: string) => nonces.use(nonce, VALIDITY_MS) };
}

describe('the memory of nonces', () => {
  it('accepts each nonce once within its validity', () => {
    const { clock, use } = memory(new NonceBudget(10));
    expect([use('a'), use('a'), use('b')]).toEqual(['fresh', 'used', 'fresh']);
    clock.now = VALIDITY_MS;
    expect(use('a')).toBe('fresh');
  });

  it('evicts no valid nonce at its limit, and does not grow further', () => {
    const { clock, nonces, use } = memory(new NonceBudget(1_000), 5);
    for (let i = 0; i < 5; i++) expect(use(`n${i}`)).toBe('fresh');
    for (let i = 0; i < 1_000; i++) expect(use(`more${i}`)).toBe('full');
    expect([use('n0'), nonces.size]).toEqual(['used', 5]);
    clock.now = VALIDITY_MS;
    expect([use('later'), nonces.size]).toEqual(['fresh', 1]);
  });

  it('shares one allowance with the other memories, and reclaims their expired nonces', () => {
    const budget = new NonceBudget(3);
    const [quiet, busy] = [memory(budget), memory(budget)];
    expect([quiet.use('a'), quiet.use('b'), busy.use('a'), busy.use('b')]).toEqual(['fresh', 'fresh', 'fresh', 'full']);
    expect(budget.used).toBe(3);
    quiet.clock.now = VALIDITY_MS;
    expect([busy.use('b'), budget.used]).toEqual(['fresh', 2]);
  });

  it('releases its share when cleared', () => {
    const budget = new NonceBudget(1);
    const { nonces, use } = memory(budget);
    expect([use('a'), use('b')]).toEqual(['fresh', 'full']);
    nonces.clear();
    expect([budget.used, use('b')]).toEqual([0, 'fresh']);
  });
});
