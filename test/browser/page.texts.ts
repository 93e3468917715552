import { REFUSAL_REASONS, REFUSAL_REASONS_ZH } from '@identity-verify/nestjs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The folder of the page. */
export const PAGE = join(import.meta.dirname, '..', '..', 'apps', 'sample', 'public');

const { TEXTS } = (await import(pathToFileURL(join(PAGE, 'texts.js')).href)) as {
  TEXTS: Record<'en' | 'zh', Record<string, string>>;
};

/** The texts of the page itself, by language and key. */
export const ownTexts = TEXTS;

/** All texts of the page, by language and key, with the refusal reasons of the module. */
export const texts = { en: { ...TEXTS.en, ...REFUSAL_REASONS }, zh: { ...TEXTS.zh, ...REFUSAL_REASONS_ZH } } as {
  readonly [language in 'en' | 'zh']: Readonly<Record<string, string>>;
};
