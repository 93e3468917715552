/**
 * Returns the element with an id.
 *
 * @param {string} id
 * @returns {any} the element; callers know its type
 * @throws {Error} if there is none
 */
export function byId(id) {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`There is no element #${id}.`);
  return found;
}

/**
 * What an element can contain. `null`, `undefined` and `false` are left out, so that a part can depend on a condition.
 *
 * @typedef {Node | string | number | null | undefined | false} Child
 */

/**
 * Creates an element. Texts are never parsed as markup.
 *
 * @param {string} tag the tag, then classes, then an id: `button.primary#send`
 * @param {Record<string, string | number | boolean | Function | null | undefined>} [attributes] a name that begins with `on` is a listener; `true` sets an attribute
 *   without a value; `false`, `null` and `undefined` set none
 * @param {...Child} children
 * @returns {any} the element; callers know its type
 */
export function make(tag, attributes = {}, ...children) {
  const [, name = 'div', classes = '', id = ''] = /^(\w+)((?:\.[\w-]+)*)(?:#([\w-]+))?$/.exec(tag) ?? [];
  const made = document.createElement(name);
  if (classes !== '') made.className = classes.slice(1).replaceAll('.', ' ');
  if (id !== '') made.id = id;
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === 'function') made.addEventListener(key.slice(2), /** @type {EventListener} */ (value));
    else if (value === true) made.setAttribute(key, '');
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(key, String(value));
  }
  made.append(...nodesOf(children));
  return made;
}

/** @param {readonly Child[]} children @returns {(Node | string)[]} */
function nodesOf(children) {
  return children
    .filter((child) => child !== null && child !== undefined && child !== false)
    .map((child) => (typeof child === 'number' ? String(child) : child));
}

/**
 * Replaces the content of an element.
 *
 * @param {Element} parent
 * @param {...Child} children
 */
export function fill(parent, ...children) {
  parent.replaceChildren(...nodesOf(children));
}

/**
 * Sets a text only if it differs, so that a screen reader does not announce the same text again at every poll.
 *
 * @param {Element} element
 * @param {string} text
 */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** The state that {@link keepList} drew last, by element. @type {WeakMap<Element, unknown>} */
const drawn = new WeakMap();

/**
 * Makes the children of an element show a list. An element whose state has not changed stays as it is, with its focus
 * and its selection; the others are drawn again. Costs nothing for a list that has not changed.
 *
 * @template T
 * @param {Element} parent contains nothing else
 * @param {readonly T[]} items
 * @param {object} how
 * @param {(item: T) => string | number} how.key unique in the list
 * @param {(item: T) => unknown} [how.state] draws the element again when this value changes. Default: the item itself
 * @param {(item: T) => HTMLElement} how.draw
 */
export function keepList(parent, items, { key, state = (item) => item, draw }) {
  const old = new Map();
  for (const child of parent.children) old.set(/** @type {HTMLElement} */ (child).dataset['key'], child);
  let place = parent.firstElementChild;
  for (const item of items) {
    const name = String(key(item));
    const value = state(item);
    let child = old.get(name);
    old.delete(name);
    if (child === undefined || drawn.get(child) !== value) {
      const fresh = draw(item);
      fresh.dataset['key'] = name;
      drawn.set(fresh, value);
      if (child !== undefined) {
        if (child === place) place = fresh;
        child.replaceWith(fresh);
      }
      child = fresh;
    }
    if (child === place) place = place?.nextElementSibling ?? null;
    else parent.insertBefore(child, place);
  }
  for (const child of old.values()) child.remove();
}
