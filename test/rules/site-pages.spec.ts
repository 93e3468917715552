import { describe, expect, it } from '@jest/globals';
import { PAGE_GROUPS } from '../../tools/lib/docs/site.pages.mjs';
import { SITE_PAGES } from './documents.js';

const inLanguage = (language: string) => SITE_PAGES.filter((document) => document.language === language);
const chinese = inLanguage('zh').map(({ page }) => page);
const listed = PAGE_GROUPS.flatMap(({ pages }) => pages.map(({ path }) => path));

const CODE = /^```(\w+)([^\n]*)\n([^]*?)^```$/gm;
const withoutCode = (text: string) => text.replaceAll(CODE, '');
/** Comments are translated, code is not. */
const codeOf = (text: string) =>
  [...text.matchAll(CODE)].map(([, language, info, code = '']) => [
    language,
    info,
    code.replaceAll(/(^|\s)(?:\/\/|#)[^\n]*/g, '$1').replaceAll(/\s+\n/g, '\n'),
  ]);
const headingsOf = (text: string) => [...withoutCode(text).matchAll(/^(#+) /gm)].map(([, level]) => level);

describe('the pages of the site', () => {
  it('exist in both languages', () => {
    expect(inLanguage('en').map(({ page }) => page)).toEqual(chinese);
  });

  it('are all in the sidebar', () => {
    expect(chinese.filter((page) => page !== 'index' && !listed.includes(page))).toEqual([]);
    expect(new Set(listed).size).toBe(listed.length);
  });

  it.each(chinese)('have the same headings and code in both languages: %s', (page) => {
    const [zh = '', en = ''] = ['zh', 'en'].map(
      (language) => inLanguage(language).find((document) => document.page === page)?.text,
    );
    expect(headingsOf(zh)).toEqual(headingsOf(en));
    expect(codeOf(zh)).toEqual(codeOf(en));
  });

  it.each(SITE_PAGES)('are short enough to be read: $path', ({ page, text }) => {
    // The tables of the reference are looked up, not read.
    if (!page.startsWith('reference/')) expect(withoutCode(text).length).toBeLessThan(12_000);
  });
});
