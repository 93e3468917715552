import { describe, expect, it } from '@jest/globals';
import { MEANINGS } from './descriptions.data.js';
import { GATEWAY_ANSWERS } from './gateway-families.data.js';
import { RESPONSE_CODES } from './response-codes.data.js';
import { TEST_MOBILES } from './test-identities.data.js';

describe('the descriptions', () => {
  it.each(TEST_MOBILES)('exist in both languages for $mobile: $description', ({ description, descriptionZh }) => {
    expect(description).toMatch(/^[A-Z\d].*\.$/);
    expect(description).not.toMatch(/undefined/);
    expect(descriptionZh).toMatch(/^(?!.*undefined).*\p{Script=Han}.*。$/u);
  });

  it('tell every scenario from every other in English', () => {
    const sentences = TEST_MOBILES.map(({ description }) => description);
    expect(new Set(sentences).size).toBe(TEST_MOBILES.length);
  });

  it('name every outcome and category, each differently, in both languages', () => {
    const names = Object.values(MEANINGS);
    for (const { en, zh } of names) {
      expect(en).toMatch(/^[a-z ]+$/);
      expect(zh).toMatch(/^\p{Script=Han}+$/u);
    }
    expect(new Set(names.map(({ en }) => en)).size).toBe(names.length);
    expect(new Set(names.map(({ zh }) => zh)).size).toBe(names.length);
  });

  it('end with the name of the category', () => {
    for (const row of [...RESPONSE_CODES, ...GATEWAY_ANSWERS]) {
      if (row.kind !== 'error') continue;
      const own = TEST_MOBILES.filter(({ scenario }) =>
        'code' in row
          ? scenario.kind === 'code' && scenario.code === row.code
          : scenario.kind === 'gateway' && scenario.rowId === row.id,
      );
      const { en, zh } = MEANINGS[row.category];
      expect(own).toHaveLength(1);
      for (const { description, descriptionZh } of own) {
        expect(description.endsWith(`: ${en}.`)).toBe(true);
        expect(descriptionZh.endsWith(`：${zh}。`)).toBe(true);
      }
    }
  });
});
