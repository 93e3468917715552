import { ERROR_CODES, REFUSAL_REASONS } from '@identity-verify/nestjs';
import { MEANINGS, OUTCOMES } from '@identity-verify/contract';
import { describe, expect, it } from '@jest/globals';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ownTexts, PAGE, texts } from './page.texts.js';

describe('the texts of the page', () => {
  it('have the same keys and placeholders in both languages, and none is empty', () => {
    const placesOf = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([place]) => place).toSorted();
    expect(Object.keys(texts.zh)).toEqual(Object.keys(texts.en));
    for (const [key, english] of Object.entries(texts.en)) {
      expect(placesOf(texts.zh[key] ?? '')).toEqual(placesOf(english));
      expect([english, texts.zh[key]]).not.toContain('');
    }
  });

  it('take the refusal reasons from the module, in both languages', () => {
    for (const reason of Object.keys(REFUSAL_REASONS)) {
      expect(ownTexts.en).not.toHaveProperty(reason);
      expect(ownTexts.zh).not.toHaveProperty(reason);
      expect(texts.zh[reason]).toMatch(/\p{Script=Han}/u);
    }
  });

  it('explain every outcome, refusal reason and error of the module', async () => {
    const { groupOf } = (await import(pathToFileURL(join(PAGE, 'problems.js')).href)) as {
      groupOf: (problem: { code: string; status: number }) => string;
    };
    const groups = Object.entries(ERROR_CODES).map(([code, { httpStatus }]) => groupOf({ code, status: httpStatus }));
    for (const key of [...OUTCOMES, ...groups]) {
      for (const each of [key, `${key}_meaning`, `${key}_action`]) expect(texts.en).toHaveProperty(each);
    }
    for (const reason of Object.keys(REFUSAL_REASONS)) expect(texts.en).toHaveProperty(reason);
  });

  it('name the outcomes as the descriptions of the scenarios do', () => {
    for (const outcome of OUTCOMES) {
      expect(texts.en[outcome]?.toLowerCase()).toBe(MEANINGS[outcome].en);
      expect(texts.zh[outcome]).toBe(MEANINGS[outcome].zh);
    }
  });

  it('include every key used in the markup and the scripts', async () => {
    for (const file of await readdir(PAGE)) {
      const source = await readFile(join(PAGE, file), 'utf8');
      const keys = [...source.matchAll(/data-(?:text|label|tip)="(\w+)"|\btext\('(\w+)'/g)].map(
        ([, a, b]) => a ?? b ?? '',
      );
      for (const key of keys) expect(texts.en).toHaveProperty(key);
    }
  });
});
