import { make } from './dom.js';
import { recall, remember } from './memory.js';

/** @typedef {'en' | 'zh'} LanguageName */

/**
 * The texts of a page. A key that is missing in the other language does not compile.
 *
 * @template {string} Key
 * @typedef {{ en: Record<Key, string>, zh: Record<Key, string> }} Texts
 */

/**
 * The language of a page.
 *
 * @template {string} [Key=string]
 * @typedef {object} Language
 * @property {(key: Key, values?: Record<string, unknown>) => string} text a text in the current language; `{name}` in it
 *   is replaced by the value. A missing key is an error on the console, which every browser test fails on
 * @property {(key: string) => key is Key} has true if there is a text with this key
 * @property {() => LanguageName} current
 * @property {() => string} locale for `Intl` and `lang`: `en` or `zh-CN`
 * @property {(texts: { en: string, zh: string }) => string} pick the one of two texts for the current language, such as
 *   those of the contract
 * @property {(key: Key) => readonly string[]} both a text in both languages, for a search that finds either
 * @property {(listener: () => void) => void} onChange calls back now and after each change
 * @property {(wanted: LanguageName) => void} use changes the language, and remembers it over a reload
 * @property {(root?: ParentNode) => void} apply fills in `data-text`, `data-label` (aria-label), `data-placeholder` and
 *   `data-tip` (title) of the markup. Runs by itself on the document, at the start and at each change
 */

const STORED = 'identity-verify-language';

/** @type {readonly (readonly [name: LanguageName, label: string, locale: string])[]} */
const LANGUAGES = [
  ['zh', '中文', 'zh-CN'],
  ['en', 'English', 'en'],
];

const ATTRIBUTES = /** @type {const} */ ([
  ['text', undefined],
  ['label', 'aria-label'],
  ['placeholder', 'placeholder'],
  ['tip', 'title'],
]);

/**
 * Starts with the language that the reader chose last, or else with that of the browser.
 *
 * @template {string} Key
 * @param {Texts<Key>} texts
 * @returns {Language<Key>}
 */
export function createLanguage(texts) {
  const stored = recall(STORED);
  /** @type {LanguageName} */
  let name =
    stored === 'en' || stored === 'zh' ? stored : navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en';
  /** @type {Set<() => void>} */
  const listeners = new Set();

  const locale = () => LANGUAGES.find(([known]) => known === name)?.[2] ?? 'en';
  /** @type {Language<Key>['has']} */
  const has = (key) => /** @type {(key: string) => key is Key} */ ((wanted) => Object.hasOwn(texts.en, wanted))(key);

  /** @type {Language<Key>['text']} */
  const text = (key, values = {}) => {
    const template = texts[name][key];
    if (template === undefined) {
      console.error(`There is no text "${key}" (${name}).`);
      return key;
    }
    return template.replaceAll(/\{(\w+)\}/g, (_, place) => String(values[place]));
  };

  const apply = (/** @type {ParentNode} */ root = document) => {
    for (const [data, attribute] of ATTRIBUTES) {
      for (const place of root.querySelectorAll(`[data-${data}]`)) {
        const value = text(/** @type {Key} */ (/** @type {HTMLElement} */ (place).dataset[data]));
        if (attribute === undefined) place.textContent = value;
        else place.setAttribute(attribute, value);
      }
    }
  };

  const announce = () => {
    document.documentElement.lang = locale();
    apply();
    for (const listener of listeners) listener();
  };

  document.documentElement.lang = locale();
  apply();
  return {
    text,
    has,
    apply,
    locale,
    current: () => name,
    pick: (both) => both[name],
    both: (key) => [texts.en[key], texts.zh[key]],
    onChange: (listener) => {
      listeners.add(listener);
      listener();
    },
    use: (wanted) => {
      name = wanted;
      remember(STORED, wanted);
      announce();
    },
  };
}

/**
 * Makes the switch between the languages. Each is named in itself.
 *
 * @param {Language<any>} language
 * @param {string} label key of the name of the group
 * @returns {HTMLElement}
 */
export function languageSwitch(language, label = 'language') {
  const buttons = LANGUAGES.map(([name, own, lang]) =>
    make('button', { type: 'button', lang, 'data-language': name, onclick: () => language.use(name) }, own),
  );
  const group = make('div.languages', { role: 'group', 'data-label': label }, ...buttons);
  language.onChange(() => {
    group.setAttribute('aria-label', language.text(label));
    for (const button of buttons) {
      button.setAttribute('aria-pressed', String(button.dataset['language'] === language.current()));
    }
  });
  return group;
}
