import { createLanguage, languageSwitch } from './kit/language.js';
import { timeOfDay as timeIn, duration as durationIn } from './kit/format.js';
import { REFUSAL_REASONS, REFUSAL_REASONS_ZH } from './rules/refusal-reasons.data.js';
import { byId } from './kit/dom.js';
import { TEXTS } from './texts.js';

/** The language of the page. */
export const language = createLanguage(TEXTS);

/** A text in the current language. */
export const { text, onChange: onLanguage } = language;

/** Returns the module's text for a refused field, in the current language. @param {string} reason */
export const reasonText = (reason) =>
  language.pick({ en: REFUSAL_REASONS[reason], zh: REFUSAL_REASONS_ZH[reason] }) ?? reason;

/** Returns the description of an identity or a scenario in the current language. */
export const descriptionOf = ({ description, descriptionZh }) => language.pick({ en: description, zh: descriptionZh });

/** Formats a time of day. @param {string | number | Date} at */
export const timeOfDay = (at) => timeIn(at, language.locale());

/** Formats a duration in the unit that people read. @param {number} ms */
export const duration = (ms) => durationIn(ms, language.locale());

/** Fills in the texts of the markup, and adds the switch. */
export function startLanguage() {
  byId('tools').append(languageSwitch(language));
  onLanguage(() => {
    language.apply();
    document.title = `Identity Verify – ${text('tagline')}`;
  });
}
