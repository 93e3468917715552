import { make } from './dom.js';
import { toast } from './notice.js';

/**
 * Makes a button that copies a text.
 *
 * @param {object} of
 * @param {string} of.label
 * @param {string} of.done said after copying
 * @param {string} of.failed said when the browser does not allow it (a page that is neither on loopback nor HTTPS)
 * @param {() => string} of.value called when the button is pressed
 * @param {string} [of.tag]
 * @returns {HTMLButtonElement}
 */
export function copyButton({ label, done, failed, value, tag = 'button.copy.quiet' }) {
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(value());
      toast(done);
    } catch {
      toast(failed, 'bad');
    }
  };
  return make(tag, { type: 'button', onclick: () => void copy() }, label);
}
