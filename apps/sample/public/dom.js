/** The element with an id. */
export const byId = (id) => document.getElementById(id);

/**
 * Makes an element. Text goes in as text, never as markup.
 *
 * @param {string} tag with classes: `dd.good`
 * @param {Record<string, string | EventListener>} attributes `on…` are listeners
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
