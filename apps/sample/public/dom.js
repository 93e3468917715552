/** Returns the element with an id. */
export const byId = (id) => document.getElementById(id);

/**
 * Creates an element. Text is never parsed as markup.
 *
 * @param {string} tag the tag with classes: `dd.good`
 * @param {Record<string, string | EventListener>} attributes names that begin with `on` are listeners
 * @param {...(Node | string)} children
 */
export function element(tag, attributes, ...children) {
  const [name, ...classes] = tag.split('.');
  const made = document.createElement(name);
  made.classList.add(...classes);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === 'function') made.addEventListener(key.slice(2), value);
    else made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}
