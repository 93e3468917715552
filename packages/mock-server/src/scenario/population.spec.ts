import { describe, expect, it } from '@jest/globals';
import { TEST_POPULATION } from '@identity-verify/contract';
import { Population, realLookingReason } from './population.js';

const [first, second] = TEST_POPULATION;

describe('the population', () => {
  const population = new Population([{ name: '测试丁', idCard: '110101190001019991', mobile: '16000020009' }]);

  it('matches only the whole triple', () => {
    expect(population.ask(first.name, first.idCard, first.mobile)).toBe('match');
    expect(population.ask(second.name, first.idCard, first.mobile)).toBe('mismatch');
    expect(population.ask(first.name, first.idCard, second.mobile)).toBe('mismatch');
    expect(population.ask(first.name, '110101190001019999', first.mobile)).toBe('no-record');
  });

  it('finds added people, and accepts x for X', () => {
    expect(population.ask('测试丁', '110101190001019991', '16000020009')).toBe('match');
    expect(population.ask(second.name, second.idCard.toLowerCase(), second.mobile)).toBe('match');
    expect(population.size).toBe(TEST_POPULATION.length + 1);
  });
});

describe('a person who may be alive', () => {
  it('is recognised by the birth date or by an allocated mobile', () => {
    expect(realLookingReason('110101199912310018', '16000020001')).toMatch(/birth date/);
    expect(realLookingReason(first.idCard, '13000000000')).toMatch(/mobile/);
  });

  it('is not someone born in 1900 with a reserved mobile', () => {
    expect(realLookingReason(first.idCard, first.mobile)).toBeUndefined();
  });

  it('is reported without the value', () => {
    expect(realLookingReason('110101199912310018', '13000000000')).not.toMatch(/19991231|13000000000/);
  });
});
