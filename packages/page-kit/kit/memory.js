// Storage can be forbidden by the browser. The pages then work without it.

/**
 * Reads a remembered value.
 *
 * @param {string} name
 * @returns {string | undefined}
 */
export function recall(name) {
  try {
    return localStorage.getItem(name) ?? undefined;
  } catch {
    return undefined;
  }
}

/**
 * Remembers a value over a reload. Never a credential, never a person.
 *
 * @param {string} name
 * @param {string} value
 */
export function remember(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch {
    // Nothing is lost but the choice.
  }
}

/**
 * Reads the parameters behind the `#` of the address: `#ns=1a2b3c4d&tab=queue`.
 *
 * @returns {Record<string, string>}
 */
export function readHash() {
  return Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
}

/**
 * Changes parameters behind the `#` of the address, without an entry in the history.
 *
 * @param {Record<string, string | undefined>} changes `undefined` removes a parameter
 */
export function writeHash(changes) {
  const all = new URLSearchParams(location.hash.slice(1));
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) all.delete(name);
    else all.set(name, value);
  }
  const text = all.toString();
  history.replaceState(null, '', text === '' ? location.pathname + location.search : `#${text}`);
}
