import { byId, element } from './dom.js';
import { onLanguage, text } from './language.js';
import { money } from './money.js';
import { groupOf } from './problems.js';

const TONES = { match: 'good', mismatch: 'bad' };
const STEPS = ['validate', 'claim', 'call', 'settle'];

let shown = { kind: 'nothing' };
let price = '';

/** Renders the answer again when the language of the page changes. */
export function startAnswer() {
  onLanguage(draw);
}

/** @param {number} fenPerCall the price of a call */
export function setPrice(fenPerCall) {
  price = money(fenPerCall);
}

export function showAsking() {
  shown = { kind: 'asking' };
  draw();
}

/** @param result the result of `verify()` in api.js */
export function showAnswer(result) {
  shown = result === undefined ? { kind: 'offline' } : { kind: 'answer', ...result };
  draw();
}

function draw() {
  byId('answer').replaceChildren(...content());
}

function content() {
  if (shown.kind === 'nothing') return [element('p.hint', {}, text('noAnswerYet'))];
  if (shown.kind === 'asking') return [element('p.hint', {}, text('asking'))];
  if (shown.kind === 'offline') return [headline('offline', 'bad')];
  const { ok, body, spans } = shown;
  const group = ok ? body.outcome : groupOf(body);
  return [headline(group, TONES[group] ?? 'warn'), facts(body), ...timeline(spans)];
}

function headline(group, tone) {
  return element(
    `div.answer.${tone}`,
    {},
    element('h3', {}, text(group)),
    element('p', {}, text(`${group}_meaning`)),
    element('p', {}, text(`${group}_action`)),
  );
}

function facts({ billed, source, code, status, seqNo, retryAfter }) {
  const list = element('dl.facts', {});
  const add = (term, ...description) => list.append(element('dt', {}, text(term)), element('dd', {}, ...description));
  if (billed !== undefined) add('paid', text(`paid_${billed}`, { price }));
  if (source !== undefined) add('source', text(`source_${source}`));
  if (status === undefined) add('code', element('code', {}, code));
  else add('error', element('code', {}, `${code ?? 'HTTP'} (${status})`));
  if (retryAfter !== undefined) add('wait', text('seconds', { n: retryAfter }));
  if (seqNo !== undefined) add('seqNo', element('code', {}, seqNo), copyButton(seqNo));
  return list;
}

function copyButton(value) {
  const copy = async (event) => {
    const button = event.currentTarget;
    await navigator.clipboard.writeText(value);
    button.textContent = text('copied');
  };
  return element('button.copy', { type: 'button', onclick: (event) => void copy(event) }, text('copy'));
}

function timeline(spans) {
  if (spans.length === 0) return [];
  const items = STEPS.map((step) => {
    const own = spans.filter((span) => span.step === step);
    const ms = own.reduce((sum, span) => sum + span.ms, 0).toFixed(2);
    const duration = own.length > 1 ? text('attempts', { ms, n: own.length }) : `${ms} ms`;
    return element(
      own.length === 0 ? 'li.not-needed' : 'li',
      {},
      text(`step_${step}`),
      element('span.mono', {}, own.length === 0 ? text('notNeeded') : duration),
    );
  });
  return [element('ol.timeline', { 'aria-label': text('timeline') }, ...items)];
}
