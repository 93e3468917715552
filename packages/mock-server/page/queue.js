import { byId, keepList, make, setText } from './kit/dom.js';
import { duration } from './kit/format.js';
import { act, start } from './actions.js';
import { given, numberOf, scenarioChoices, setValue, startForm, statusChoices, valueOf, withFields } from './forms.js';
import { language, text } from './language.js';
import { call } from './session.js';

/** @typedef {import('./types.js').QueueEntry} QueueEntry */

/** Number of groups of equal entries that are shown. */
const SHOWN = 50;

/** @type {() => void} */
let drawForm = () => {};

/** Starts the form of the queue. */
export function startQueue() {
  drawForm = startForm(
    'enqueue',
    () => [
      { name: 'scenario', label: 'scenario', choices: scenarioChoices, className: 'field wide' },
      { name: 'times', label: 'times', kind: 'whole', start: '1' },
      { name: 'latencyMs', label: 'latencyMs', kind: 'whole' },
      { name: 'httpStatus', label: 'httpStatus', choices: () => statusChoices(valueOf('enqueue', 'scenario')) },
    ],
    () => [make('button.primary', { type: 'submit' }, text('enqueue'))],
    () => start(withFields(enqueue)),
  );
  byId('enqueue').addEventListener('change', (/** @type {Event} */ { target }) => {
    if (/** @type {HTMLElement} */ (target).id !== 'enqueue-scenario') return;
    drawForm();
    byId('enqueue-scenario').focus();
  });
  byId('clear-queue').addEventListener('click', () => start(act(() => call('DELETE', 'queue'))));
}

/**
 * Chooses a scenario in the form.
 *
 * @param {string} scenario
 */
export function prepareQueue(scenario) {
  setValue('enqueue', 'scenario', scenario);
  drawForm();
  byId('enqueue-times').focus();
}

async function enqueue() {
  const scenario = valueOf('enqueue', 'scenario');
  const status = valueOf('enqueue', 'httpStatus');
  const entry = given({
    scenario,
    times: numberOf('enqueue', 'times'),
    latencyMs: numberOf('enqueue', 'latencyMs'),
    httpStatus: status === '' ? undefined : Number(status),
  });
  await act(() => call('POST', 'queue', { scenarios: [entry] }), text('enqueued', { scenario }));
}

/** Equal entries that follow each other. @typedef {{ first: QueueEntry, last: QueueEntry, times: number }} Group */

/** @param {readonly QueueEntry[]} queue */
export function drawQueue(queue) {
  /** @type {Group[]} */
  const groups = [];
  for (const entry of queue) {
    const group = groups.at(-1);
    if (group !== undefined && isAlike(group.first, entry)) {
      group.last = entry;
      group.times++;
    } else groups.push({ first: entry, last: entry, times: 1 });
  }
  const shown = groups.slice(0, SHOWN);
  keepList(byId('queue'), shown, {
    // The first entry of a group is taken first, so the group is known by its last.
    key: ({ last }) => last.id,
    state: ({ times }) => `${times} ${language.current()}`,
    draw: item,
  });
  const rest = groups.length - shown.length;
  byId('queue-empty').hidden = queue.length > 0 && rest === 0;
  setText(byId('queue-empty'), queue.length === 0 ? text('queueEmpty') : text('queueMore', { n: rest }));
  byId('clear-queue').disabled = queue.length === 0;
}

/** @param {QueueEntry} one @param {QueueEntry} other */
const isAlike = (one, other) =>
  one.scenario === other.scenario && one.latencyMs === other.latencyMs && one.httpStatus === other.httpStatus;

/** @param {Group} group */
function item({ first, last, times }) {
  return make(
    'li',
    {},
    make('span', {}, make('code', {}, first.scenario), times > 1 && ` × ${times}`),
    ...settings(first),
    make(
      'button.small.quiet',
      {
        type: 'button',
        'aria-label': text('removeOne', { scenario: first.scenario }),
        onclick: () => start(act(() => call('DELETE', `queue?entry=${last.id}`))),
      },
      text('remove'),
    ),
  );
}

/**
 * The settings of an entry of the queue or a rule.
 *
 * @param {{ latencyMs: number | null, httpStatus: number | null }} entry
 */
export const settings = ({ latencyMs, httpStatus }) => [
  latencyMs !== null && make('span.hint', {}, text('afterDelay', { time: duration(latencyMs, language.locale()) })),
  httpStatus !== null && make('span.hint', {}, text('asStatus', { status: httpStatus })),
];
