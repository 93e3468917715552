import { make } from './dom.js';

/** How long a toast stays, in milliseconds. */
const TOAST_MS = 2_500;

/** @type {HTMLElement | undefined} */
let place;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

/**
 * Says for a moment what has been done. What the reader must not miss is a notice in the page instead.
 *
 * @param {string} text
 * @param {'plain' | 'bad'} [tone]
 */
export function toast(text, tone = 'plain') {
  if (place === undefined) {
    place = /** @type {HTMLElement} */ (make('div.toast#toast', { role: 'status' }));
    document.body.append(place);
  }
  place.textContent = text;
  place.classList.toggle('bad', tone === 'bad');
  place.hidden = false;
  clearTimeout(timer);
  timer = setTimeout(() => {
    if (place !== undefined) place.hidden = true;
  }, TOAST_MS);
}

/**
 * Makes a notice that stays, for example "the server does not answer".
 *
 * @param {string} id
 * @returns {{ element: HTMLElement, show: (...content: (Node | string)[]) => void, hide: () => void }}
 */
export function notice(id) {
  const element = /** @type {HTMLElement} */ (make(`div.notice.bad#${id}`, { role: 'alert', hidden: true }));
  return {
    element,
    show: (...content) => {
      const same = content.length === 1 && content[0] === element.textContent;
      if (!same) element.replaceChildren(...content);
      element.hidden = false;
    },
    hide: () => {
      element.hidden = true;
    },
  };
}
