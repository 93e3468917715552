import { REFUSAL_REASONS, REFUSAL_REASONS_ZH } from './rules/refusal-reasons.data.js';
import { TEXTS } from './texts.js';

const STORED = 'identity-verify-language';
const REASONS = { en: REFUSAL_REASONS, zh: REFUSAL_REASONS_ZH };
const listeners = new Set();

let language = stored() ?? (navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en');

/** Returns a text in the current language. @param {string} key @param {Record<string, unknown>} values for `{…}` */
export function text(key, values = {}) {
  const template = TEXTS[language][key] ?? key;
  return template.replaceAll(/\{(\w+)\}/g, (_, name) => String(values[name]));
}

/** Returns the module's text for a refused field, in the current language. @param {string} reason */
export const reasonText = (reason) => REASONS[language][reason] ?? reason;

/** Returns the description of an identity or a scenario in the current language. */
export const descriptionOf = ({ description, descriptionZh }) => (language === 'zh' ? descriptionZh : description);

/** Formats a time of day in the current language. */
export const timeOfDay = (date) => new Date(date).toLocaleTimeString(locale());

/** Calls back now and at every change of the language. */
export function onLanguage(listener) {
  listeners.add(listener);
  listener();
}

/** Fills in the texts of the markup and enables the language switch. */
export function startLanguage() {
  for (const button of document.querySelectorAll('[data-language]')) {
    button.addEventListener('click', () => switchTo(button.dataset.language));
  }
  onLanguage(() => {
    document.documentElement.lang = locale();
    document.title = `Identity Verify – ${text('tagline')}`;
    for (const place of document.querySelectorAll('[data-text]')) place.textContent = text(place.dataset.text);
    for (const place of document.querySelectorAll('[data-label]'))
      place.setAttribute('aria-label', text(place.dataset.label));
    for (const button of document.querySelectorAll('[data-language]')) {
      button.setAttribute('aria-pressed', String(button.dataset.language === language));
    }
  });
}

function switchTo(wanted) {
  language = wanted;
  try {
    localStorage.setItem(STORED, wanted);
  } catch {
    // The page works without storage.
  }
  for (const listener of listeners) listener();
}

function stored() {
  try {
    const value = localStorage.getItem(STORED);
    return Object.hasOwn(TEXTS, value ?? '') ? value : undefined;
  } catch {
    return undefined;
  }
}

function locale() {
  return language === 'zh' ? 'zh-CN' : 'en';
}
