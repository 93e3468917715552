import { createLanguage } from './kit/language.js';
import { TEXTS } from './texts.js';

export const language = createLanguage(TEXTS);

/** A text in the current language. */
export const { text } = language;

/**
 * The text of a value of the admin API, such as `stage_queue`. A value of a newer mock is shown as it is.
 *
 * @param {string} group
 * @param {string} value
 */
export function valueText(group, value) {
  const key = `${group}_${value}`;
  return language.has(key) ? text(key) : value;
}

/**
 * The sentence of a scenario in the current language.
 *
 * @param {import('./types.js').Scenario} scenario
 */
export const descriptionOf = ({ description, descriptionZh }) => language.pick({ en: description, zh: descriptionZh });
