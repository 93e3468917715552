import { make } from './dom.js';

/**
 * Asks before something that cannot be undone or costs money. The focus is on "cancel", and Escape cancels, so that a
 * hasty Enter does nothing.
 *
 * @param {object} of
 * @param {string} of.title
 * @param {string | Node} of.text what happens, and what it costs
 * @param {string} of.yes name of the action, not "OK"
 * @param {string} of.no
 * @param {'primary' | 'danger'} [of.tone] look of the action. Default: `primary`
 * @param {string} [of.id] id of the dialog. Default: `confirm`
 * @returns {Promise<boolean>} true if the reader agreed
 */
export function confirmDialog({ title, text, yes, no, tone = 'primary', id = 'confirm' }) {
  const cancel = make('button', { value: 'no', autofocus: true }, no);
  const form = make(
    'form',
    { method: 'dialog' },
    make('h2', { id: `${id}-title` }, title),
    make('div', { id: `${id}-text` }, text),
    make('div.actions', {}, cancel, make(`button.${tone}`, { value: 'yes' }, yes)),
  );
  const dialog = /** @type {HTMLDialogElement} */ (
    make(`dialog#${id}`, { 'aria-labelledby': `${id}-title`, 'aria-describedby': `${id}-text` }, form)
  );
  document.body.append(dialog);
  dialog.returnValue = 'no';
  dialog.showModal();
  cancel.focus();
  return new Promise((resolve) => {
    dialog.addEventListener(
      'close',
      () => {
        dialog.remove();
        resolve(dialog.returnValue === 'yes');
      },
      { once: true },
    );
  });
}
