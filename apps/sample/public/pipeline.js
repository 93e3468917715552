import { make } from './kit/dom.js';
import { duration, text, timeOfDay } from './language.js';
import { STEPS, stepsOf, UNDO } from './pipeline.steps.js';

/**
 * Draws the way of a question as a strip of steps.
 *
 * @param {object} of
 * @param {object} [of.trace] an answer of `/status/answers`; nothing before an answer
 * @param {number} [of.retryAfter] seconds, as the reply said
 * @param {Date} [of.receivedAt]
 * @param {boolean} of.isInDoubt whether the question may be paid for, and its answer is lost
 * @param {boolean} of.canUndo false with a real upstream
 * @param {(what: string) => void} of.onUndo
 * @returns {HTMLElement[]} the strip, and what stopped the question
 */
export function pipeline({ trace, isInDoubt, retryAfter, receivedAt, canUndo, onUndo }) {
  const { last, states } = trace ? stepsOf(trace) : { last: undefined, states: {} };
  const items = STEPS.map((step) => {
    const state = states[step] ?? 'idle';
    const item = make(
      `li.step.${state}`,
      { 'data-step': step },
      make('span.step-name', {}, text(`step_${step}`)),
      make('span.step-state', {}, state === 'idle' ? '' : text(`state_${state}`)),
    );
    if (step === last) item.setAttribute('aria-current', 'step');
    return item;
  });
  const strip = make('ol.strip', { 'aria-label': text('pipeline') }, ...items);
  return trace ? [strip, explanation({ trace, last, isInDoubt, retryAfter, receivedAt, canUndo, onUndo })] : [strip];
}

/** Why the question ended where it did, for how long, and what can be done about it. */
function explanation({ trace, last, isInDoubt, retryAfter, receivedAt, canUndo, onUndo }) {
  const { errorCode, source } = trace;
  const isStopped = errorCode !== null;
  const key = isInDoubt ? 'stop_doubt' : isStopped ? `stop_${last}` : `end_${source}`;
  const words = [text(key)];
  if (retryAfter !== undefined) {
    const until = new Date(receivedAt.getTime() + retryAfter * 1_000);
    words.push(text('heldFor', { duration: duration(retryAfter * 1_000), time: timeOfDay(until) }));
  }
  const what = isInDoubt ? 'person' : isStopped || source === 'ledger' ? UNDO[last] : undefined;
  const button =
    canUndo &&
    what !== undefined &&
    make('button.small#undo', { type: 'button', onclick: () => onUndo(what) }, text(`undo_${what}`));
  return make(`p.explanation.${isStopped ? 'stopped' : 'ended'}`, {}, make('span', {}, words.join(' ')), button);
}
