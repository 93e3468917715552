import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The folder of the page. */
export const PAGE = join(import.meta.dirname, '..', '..', 'apps', 'sample', 'public');

const { TEXTS } = (await import(pathToFileURL(join(PAGE, 'texts.js')).href)) as {
  TEXTS: Record<'en' | 'zh', Record<string, string>>;
};

/** What the page says, by language and key. */
export const texts = TEXTS;
