import { copyButton } from './kit/copy.js';
import { byId, fill, make } from './kit/dom.js';
import { duration } from './kit/format.js';
import { billedBadge } from './kit/parts.js';
import { act, start } from './actions.js';
import { descriptionOf, language, text, valueText } from './language.js';
import { call, knownCode } from './session.js';
import { curlOf } from './snippets.js';

/** @typedef {import('./types.js').Scenario} Scenario */

const KINDS = /** @type {const} */ (['all', 'reply', 'gateway', 'fault']);

/** @type {readonly Scenario[]} */
let scenarios = [];
/** @type {typeof KINDS[number]} */
let kind = 'all';
/** What became of the last call from a card, by scenario. @type {Map<string, import('./types.js').SentCall>} */
const sent = new Map();
/** @type {(scenario: string) => void} */
let onEnqueueWith = () => {};

/** All scenarios. */
export const allScenarios = () => scenarios;

/** @param {string | null} id @returns {Scenario | undefined} */
export const scenarioOf = (id) => scenarios.find((scenario) => scenario.id === id);

/**
 * Shows the catalogue.
 *
 * @param {readonly Scenario[]} list
 * @param {(scenario: string) => void} enqueueWith called to queue a scenario with settings
 */
export function startScenarios(list, enqueueWith) {
  scenarios = list;
  onEnqueueWith = enqueueWith;
  byId('search').addEventListener('input', draw);
  language.onChange(draw);
}

function draw() {
  const wanted = byId('search').value.trim().toLowerCase();
  const found = scenarios.filter((each) => (kind === 'all' || each.kind === kind) && searchText(each).includes(wanted));
  fill(byId('scenarios'), ...found.map(card));
  byId('scenarios-empty').hidden = found.length > 0;
  const buttons = KINDS.map((name) => {
    const count = name === 'all' ? scenarios.length : scenarios.filter((each) => each.kind === name).length;
    const choose = () => {
      kind = name;
      draw();
      byId(`kind-${name}`).focus();
    };
    return make(
      `button.small#kind-${name}`,
      { type: 'button', 'aria-pressed': String(kind === name), onclick: choose },
      `${text(`kind_${name}`)} ${count}`,
    );
  });
  fill(byId('kinds'), ...buttons);
}

/**
 * What a search looks through: names and sentences of both languages, whatever the current one is.
 *
 * @param {Scenario} scenario
 */
export function searchText({ id, aliases, description, descriptionZh, mobile, code, gatewayCode, message, billed }) {
  return [
    id,
    ...aliases,
    description,
    descriptionZh,
    mobile,
    code,
    gatewayCode,
    message,
    ...language.both(`billed_${billed}`),
  ]
    .join(' ')
    .toLowerCase();
}

/** @param {Scenario} scenario */
function card(scenario) {
  const { id, billed, httpStatus, code, gatewayCode, mobile } = scenario;
  const traits = make('div.traits');
  /** @param {string} label @param {string | number | null} value */
  const trait = (label, value) => value !== null && traits.append(make('span', {}, `${label} `, make('b', {}, value)));
  trait(text('http'), httpStatus);
  trait(text('code'), code ?? gatewayCode);
  trait(text('mobile'), mobile);

  const result = make('div.result', { role: 'status' }, resultText(id));
  const send = make('button.small', { type: 'button', onclick: () => start(sendFrom(id, send, result)) }, text('send'));
  const enqueue = () =>
    start(act(() => call('POST', 'queue', { scenarios: [id] }), text('enqueued', { scenario: id })));
  return make(
    'li',
    { 'data-scenario': id },
    make('div.head', {}, make('code', {}, id), billedBadge(billed, text(`billed_${billed}`))),
    make('p.what', {}, descriptionOf(scenario)),
    traits,
    result,
    make(
      'div.choices',
      {},
      send,
      make('button.small', { type: 'button', onclick: enqueue }, text('enqueue')),
      make('button.small.quiet', { type: 'button', onclick: () => onEnqueueWith(id) }, text('enqueueWith')),
      copyButton({
        label: text('copyCurl'),
        done: text('copied'),
        failed: text('copyFailed'),
        value: () => curlOf(scenario, knownCode()),
      }),
    ),
  );
}

/** @param {string} id @param {HTMLButtonElement} button @param {HTMLElement} result */
async function sendFrom(id, button, result) {
  button.disabled = true;
  button.setAttribute('aria-busy', 'true');
  result.textContent = text('sending');
  await act(async () => sent.set(id, await call('POST', 'calls', { scenario: id })));
  result.textContent = resultText(id);
  button.removeAttribute('aria-busy');
  button.disabled = false;
  button.focus();
}

/** @param {string} id */
function resultText(id) {
  const made = sent.get(id);
  if (made === undefined) return '';
  const { httpStatus, decidedBy, failure, elapsedMs } = made;
  const time = duration(elapsedMs, language.locale());
  const status = `HTTP ${httpStatus}`;
  if (failure === 'timeout') return text(httpStatus === null ? 'sent_timeout' : 'sent_timeoutAfter', { status, time });
  if (failure === 'connection') return text(httpStatus === null ? 'sent_broken' : 'sent_brokenAfter', { status, time });
  if (decidedBy === null) return text('sent_replyStrict', { status, time });
  return text('sent_reply', { status, time, stage: valueText('stage', decidedBy) });
}
