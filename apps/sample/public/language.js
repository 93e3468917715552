import { REFUSAL_REASONS, REFUSAL_REASONS_ZH } from './rules/refusal-reasons.data.js';
import { TEXTS } from './texts.js';

const STORED = 'identity-verify-language';
const REASONS = { en: REFUSAL_REASONS, zh: REFUSAL_REASONS_ZH };
const listeners = new Set();

let language = stored() ?? (navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en');

/** A text of the page in its language. @param {string} key @param {Record<string, unknown>} values for `{…}` */
export function text(key, values = {}) {
  const template = TEXTS[language][key] ?? key;
  return template.replaceAll(/\{(\w+)\}/g, (_, name) => String(values[name]));
}

/** Why a field was refused, in the words of the module and the language of the page. @param {string} reason */
export const reasonText = (reason) => REASONS[language][reason] ?? reason;

/** A time of the day in the language of the page. */
export const timeOfDay = (date) => new Date(date).toLocaleTimeString(locale());

/** Calls back now, and whenever the language changes. */
export function onLanguage(listener) {
  listeners.add(listener);
  listener();
}

/** Puts every text of the markup into its place, and makes the switch work. */
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
    // A browser that keeps nothing still shows the page.
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
