import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PAGE } from './page.texts.js';

const { RACE_TEXTS } = (await import(pathToFileURL(join(PAGE, 'race.texts.js')).href)) as {
  RACE_TEXTS: Readonly<Record<'en' | 'zh', Readonly<Record<string, string>>>>;
};

/** The texts of the race, by language and key. */
export const raceTexts = RACE_TEXTS;

/** A text with its values, as the page writes it. */
export function said(language: 'en' | 'zh', key: string, values: Readonly<Record<string, unknown>> = {}): string {
  return (raceTexts[language][key] ?? key).replaceAll(/\{(\w+)\}/g, (_, name: string) => String(values[name]));
}
