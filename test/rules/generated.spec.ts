import * as nestjs from '@identity-verify/nestjs';
import { describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import prettier from 'prettier';
import { ERROR_TEXTS_ZH } from '../../tools/lib/docs/error-texts.zh.mjs';
import { OPTION_ROWS } from '../../tools/lib/docs/options.data.mjs';
import { documentTables, withTables } from '../../tools/lib/docs/tables.mjs';
import { DOCUMENTS, WORKSPACE } from './documents.js';

const tables = documentTables(nestjs);
const generated = DOCUMENTS.filter(({ text }) => text.includes('<!-- table: '));

describe('the generated tables', () => {
  it.each(generated)('of $path equal the output of `pnpm codes`', async ({ path, text, language }) => {
    const config = await prettier.resolveConfig(join(WORKSPACE, path));
    const written = await prettier.format(withTables(text, language, tables), { ...config, parser: 'markdown' });
    expect(text).toBe(written);
  });

  it('stand in both languages of the pages and of the README of the module', () => {
    const found = generated.map(({ path }) => path);
    for (const page of ['reference/codes.md', 'reference/errors.md', 'reference/glossary.md']) {
      expect(found).toEqual(expect.arrayContaining([`docs/${page}`, `docs/en/${page}`]));
    }
    expect(found).toEqual(expect.arrayContaining(['packages/nestjs/README.md', 'packages/nestjs/README.zh-CN.md']));
  });

  it('give every error the anchor that its `helpUrl` names, in both languages', () => {
    const page = nestjs.IdentityVerifyError.helpBaseUrl;
    for (const path of [page, page.replace('docs/en/', 'docs/')]) {
      const text = DOCUMENTS.find((document) => document.path === path)?.text;
      for (const code of Object.keys(nestjs.ERROR_CODES)) expect(text).toContain(`<a id="${code}"></a>`);
    }
  });

  it('refuse a name that no table has', () => {
    const page = '<!-- table: nobody -->\n\n<!-- end -->\n';
    expect(() => withTables(page, 'en', tables)).toThrow('No table is called "nobody"');
  });

  it('name every error in Chinese, and no other', () => {
    expect(Object.keys(ERROR_TEXTS_ZH)).toEqual(Object.keys(nestjs.ERROR_CODES));
  });

  it('name every option once', () => {
    const names = OPTION_ROWS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});
