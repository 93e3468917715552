import { REFUSAL_REASONS, REFUSAL_REASONS_ZH } from '@identity-verify/nestjs';
import { describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DOCUMENTS } from './documents.js';

const nestjs = join(import.meta.dirname, '..', '..', 'packages', 'nestjs');
const read = (...path: string[]) => readFile(join(nestjs, ...path), 'utf8');

const CODE = /```(\w+)\n(.*?)```/gs;
const withoutCode = (text: string) => text.replaceAll(CODE, '');
const codeOf = (text: string) => [...text.matchAll(CODE)].map(([, language, code]) => [language, code]);
const headingsOf = (text: string) => [...withoutCode(text).matchAll(/^(#+) /gm)].map(([, level]) => level);
/** The rows of all tables: the number of cells, and the code spans, which are not translated. */
const tablesOf = (text: string) =>
  withoutCode(text)
    .split('\n')
    .filter((line) => line.startsWith('|') && !/^[|\s:-]+$/.test(line))
    .map((line) => ({ cells: line.split(/(?<!\\)\|/).length, code: line.match(/`[^`]+`/g) }));

describe('the package README', () => {
  it.each([
    ['nestjs', 5],
    ['redis', 4],
    ['sqlite', 3],
    ['contract', 1],
    ['mock-server', 9],
    ['../apps/sample', 0],
  ])('has the same headings, code and tables in English and in Chinese: %s', async (name, least) => {
    const [english, chinese] = await Promise.all([read('..', name, 'README.md'), read('..', name, 'README.zh-CN.md')]);
    expect(headingsOf(chinese)).toEqual(headingsOf(english));
    expect(codeOf(chinese)).toEqual(codeOf(english));
    expect(tablesOf(chinese)).toEqual(tablesOf(english));
    expect(codeOf(english).length).toBeGreaterThanOrEqual(least);
  });

  it('of the workspace has the same headings, code and tables in both languages', async () => {
    const [english, chinese] = await Promise.all([read('..', '..', 'README.md'), read('..', '..', 'README.zh-CN.md')]);
    expect(headingsOf(chinese)).toEqual(headingsOf(english));
    expect(codeOf(chinese)).toEqual(codeOf(english));
    // Links lead to the README of the same language.
    expect(tablesOf(chinese)).toEqual(tablesOf(english));
  });

  // The pages for contributors are in English only.
  const forUsers = DOCUMENTS.filter(
    ({ path }) => /README(?:\.zh-CN)?\.md$/.test(path) && !/^(?:docs|packages\/page-kit)\//.test(path),
  );

  it.each(forUsers)('has a counterpart in the other language, and links to it: $path', async ({ path, text }) => {
    const other = path.endsWith('.zh-CN.md') ? path.replace('.zh-CN.md', '.md') : path.replace('.md', '.zh-CN.md');
    expect(DOCUMENTS.map((document) => document.path)).toContain(other);
    expect(text).toContain(`](${other.split('/').at(-1)})`);
  });

  it('names the shutdown hooks, without which answers are lost', async () => {
    for (const name of ['README.md', 'README.zh-CN.md']) {
      for (const folder of [['..', '..'], []]) {
        expect(await read(...folder, name)).toContain('enableShutdownHooks()');
      }
    }
  });

  it('lists exactly the options', async () => {
    const [readme, types] = await Promise.all([read('README.md'), read('src', 'options', 'options.types.ts')]);
    const declared = types.slice(types.indexOf('export interface IdentityVerifyOptions'));
    const options = [...declared.matchAll(/^ {2}readonly (\w+)\??:/gm)].map(([, name]) => name);
    const section = readme.slice(readme.indexOf('\n## Options'), readme.indexOf('\n## Several instances'));
    const listed = [...section.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name);
    expect(new Set(listed)).toEqual(new Set(options));
    expect(options.length).toBeGreaterThan(20);
  });

  it.each([
    ['README.md', REFUSAL_REASONS],
    ['README.zh-CN.md', REFUSAL_REASONS_ZH],
  ])('lists every refusal reason with the text of the rules: %s', async (page, reasons) => {
    const [, block = ''] = /<!-- table: reasons -->([^]*?)<!-- end -->/.exec(await read(page)) ?? [];
    const listed = [...block.matchAll(/^\| `(\w+)` +\| (.*?) +\|$/gm)].map(([, reason, sentence]) => [
      reason,
      sentence,
    ]);
    expect(listed).toEqual(Object.entries(reasons));
  });

  it('lists every instrument', async () => {
    const [readme, names] = await Promise.all([read('README.md'), read('src', 'telemetry', 'telemetry.names.ts')]);
    const instruments = [...names.slice(0, names.indexOf('} as const')).matchAll(/'(identity_verify\.[\w.]+)'/g)];
    for (const [, instrument] of instruments) expect(readme).toContain(`\`${instrument}\``);
    expect(instruments.length).toBeGreaterThan(8);
  });
});
