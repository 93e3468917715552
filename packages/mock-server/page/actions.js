import { toast } from './kit/notice.js';
import { text } from './language.js';

/** @type {() => Promise<void>} */
let refresh = () => Promise.resolve();

/** @param {() => Promise<void>} listener called after each action, to show what it changed */
export function afterActions(listener) {
  refresh = listener;
}

/**
 * Runs something that changes the mock, says that it is done or why it was refused, and shows the new state.
 *
 * @param {() => Promise<unknown>} action
 * @param {string} [done]
 * @returns {Promise<boolean>} true if it was done
 */
export async function act(action, done) {
  try {
    await action();
    if (done !== undefined) toast(done);
  } catch (error) {
    toast(error instanceof TypeError ? text('gone') : /** @type {Error} */ (error).message, 'bad');
    return false;
  }
  await refresh();
  return true;
}

/** @param {Promise<unknown>} promise of an action, which has shown its own failure */
export const start = (promise) => void promise;
