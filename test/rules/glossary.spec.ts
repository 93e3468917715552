import { MEANINGS, RESPONSE_CODES, TEST_MOBILES, TRANSPORT_FAULTS } from '@identity-verify/contract';
import { REFUSAL_REASONS_ZH } from '@identity-verify/nestjs';
import { describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ERROR_TEXTS_ZH } from '../../tools/lib/docs/error-texts.zh.mjs';
import { GLOSSARY } from '../../tools/lib/docs/glossary.data.mjs';
import { OPTION_ROWS } from '../../tools/lib/docs/options.data.mjs';
import { DOCUMENTS, WORKSPACE } from './documents.js';

type Texts = readonly (readonly [where: string, text: string])[];

const documents = (language: string): Texts =>
  DOCUMENTS.filter((document) => document.language === language).map(({ path, text }) => [path, text]);
const record = (where: string, texts: Readonly<Record<string, string>>): Texts =>
  Object.entries(texts).map(([key, text]) => [`${where}: ${key}`, text]);

/** The Chinese texts of a page, which are a script of the browser. */
async function chineseOf(path: string): Promise<Readonly<Record<string, string>>> {
  const texts = (await import(pathToFileURL(join(WORKSPACE, path)).href)) as Record<
    string,
    { zh: Record<string, string> }
  >;
  return Object.assign({}, ...Object.values(texts).map(({ zh }) => zh)) as Record<string, string>;
}

const CHINESE: Texts = [
  ...documents('zh'),
  ...record('page of the sample', await chineseOf('apps/sample/public/texts.js')),
  ...record('race of the sample', await chineseOf('apps/sample/public/race.texts.js')),
  ...record('page of the mock', await chineseOf('packages/mock-server/page/texts.js')),
  ...record('refusal reasons', REFUSAL_REASONS_ZH),
  ...Object.entries(MEANINGS).map(([key, { zh }]) => [`meanings: ${key}`, zh] as const),
  ...TRANSPORT_FAULTS.map(({ name, descriptionZh }) => [`fault: ${name}`, descriptionZh] as const),
  ...TEST_MOBILES.map(({ mobile, descriptionZh }) => [`test mobile: ${mobile}`, descriptionZh] as const),
  ...OPTION_ROWS.map(({ name, zh, standard }) => [`option: ${name}`, `${standard.zh} ${zh}`] as const),
  ...Object.entries(ERROR_TEXTS_ZH).map(([key, { title, remedy }]) => [`error: ${key}`, `${title} ${remedy}`] as const),
];

/** Messages of the vendor stand verbatim wherever its codes are listed. */
const VERBATIM = RESPONSE_CODES.map(({ message }) => message);

/** Finds the forbidden variants of every term in a text. */
function faultsIn(where: string, text: string): string[] {
  return GLOSSARY.flatMap(({ zh, forbiddenZh, exceptZh = [] }) => {
    const allowed = [...exceptZh, ...VERBATIM.flatMap((message) => [` ${message}`, `\`${message}\``])];
    const rest = allowed.reduce((left, except) => left.replaceAll(except, ''), text);
    return forbiddenZh
      .filter((variant) => rest.includes(variant))
      .filter((variant, _index, found) => !found.some((longer) => longer !== variant && longer.includes(variant)))
      .map((variant) => {
        const at = rest.indexOf(variant);
        return `${where}: "${variant}" instead of "${zh}" in "${rest.slice(Math.max(0, at - 12), at + 16).trim()}"`;
      });
  });
}

describe('the glossary', () => {
  it.each(GLOSSARY)(
    'does not forbid its own term: $en',
    ({ zh, forbiddenZh, meaning, meaningZh, en, forbidden = [] }) => {
      expect(forbiddenZh.filter((variant) => zh.includes(variant) || meaningZh.includes(variant))).toEqual([]);
      expect(forbidden.filter((variant) => en.includes(variant) || meaning.includes(variant))).toEqual([]);
    },
  );

  it('names each term once', () => {
    for (const terms of [GLOSSARY.map(({ zh }) => zh), GLOSSARY.map(({ en }) => en)]) {
      expect(new Set(terms).size).toBe(terms.length);
    }
  });

  it('finds a forbidden variant, and leaves the messages of the vendor alone', () => {
    expect(faultsIn('here', '断路器已打开')).toEqual([expect.stringContaining('"断路器" instead of "熔断"')]);
    expect(faultsIn('here', '返回码 10001 查询无结果')).toEqual([]);
  });

  it('is kept in every Chinese text', () => {
    expect(CHINESE.flatMap(([where, text]) => faultsIn(where, text))).toEqual([]);
    expect(CHINESE.length).toBeGreaterThan(200);
  });

  it('is kept in every English document', () => {
    const faults = documents('en').flatMap(([where, text]) =>
      GLOSSARY.flatMap(({ en, forbidden = [] }) =>
        forbidden
          .filter((variant) => text.toLowerCase().includes(variant))
          .map((variant) => `${where}: "${variant}" instead of "${en}"`),
      ),
    );
    expect(faults).toEqual([]);
  });
});
