import { byId, fill, make, setText } from './kit/dom.js';
import { copyButton } from './kit/copy.js';
import { money } from './kit/format.js';
import { facts, maskedPerson } from './kit/parts.js';
import { duration, onLanguage, text } from './language.js';
import { pipeline } from './pipeline.js';
import { groupOf } from './problems.js';
import { sequenceDiagram } from './sequence.js';
import { snippet } from './snippets.js';

const TONES = { match: 'good', mismatch: 'bad', offline: 'bad' };
/** Errors after which the question is in doubt: it may be paid for, and its answer is lost. */
const inDoubt = ({ errorCode, billed }) => errorCode !== null && billed === 'unknown' && errorCode !== 'IDV_ABORTED';

/**
 * What is shown. It belongs to one question: person, route, and later the reply.
 *
 * @type {{ phase: 'idle' | 'asking' | 'answered', route: 'office' | 'signup' | 'lending', [more: string]: any }}
 */
let view = { phase: 'idle', route: 'office' };
let settings = { live: true, fenPerCall: 0, doubtMs: 0 };
let actions = { onUndo: () => {}, onFresh: () => {}, onCancel: () => {} };

/** Draws the card, again at each change of the language or of its width. */
export function startAnswer(given) {
  actions = given;
  onLanguage(draw);
  let width = 0;
  new ResizeObserver(([{ contentRect }]) => {
    if (Math.abs(contentRect.width - width) < 1) return;
    ({ width } = contentRect);
    drawSequence();
  }).observe(byId('sequence'));
}

/** Takes prices and times from the status. */
export function setSettings(status) {
  settings = status;
}

/** Shows another state. */
export function showView(next) {
  view = next;
  draw();
  if (view.phase === 'answered') setText(byId('announcement'), `${personText()}: ${text(groupOfView())}`);
}

/** The fields have changed: what is shown is about somebody else. */
export function showStale() {
  if (view.phase !== 'answered' || view.stale) return;
  view = { ...view, stale: true };
  draw();
}

const personText = () => Object.values(view.person).join(' ');

function groupOfView() {
  const { reply, group } = view;
  if (group !== undefined) return group;
  if (reply.kind !== 'reply') return reply.kind;
  if (reply.ok) return view.route === 'office' ? reply.body.outcome : 'match';
  return groupOf(reply.body);
}

function draw() {
  const { phase, route, person, n = 0, stale = false } = view;
  // For tests and browser automation.
  Object.assign(byId('answer').dataset, { phase, question: n });
  byId('answer').classList.toggle('stale', stale);
  byId('stale').hidden = !stale;
  fill(byId('answer-person'), phase === 'idle' ? '' : maskedPerson(person));
  fill(byId('verdict'), ...verdict());
  fill(byId('answer-body'), ...details());
  fill(byId('pipeline'), ...pipeline(pipelineOf()));
  drawSequence();
  byId('code-title').textContent = text(`code_${route}`);
  fill(
    byId('code'),
    ...snippet(route, view.trace ?? {}).map(({ line, runs }) => make(runs ? 'mark' : 'span', {}, `${line}\n`)),
  );
}

function pipelineOf() {
  const { trace, reply, receivedAt } = view;
  return {
    trace,
    retryAfter: reply?.body?.retryAfter,
    receivedAt,
    isInDoubt: trace !== undefined && inDoubt(trace),
    canUndo: !settings.live,
    onUndo: (what) => actions.onUndo(what, view.identity),
  };
}

function drawSequence() {
  const { trace, roundTripMs, route, receivedAt } = view;
  const place = byId('sequence');
  if (trace === undefined) {
    fill(place);
    return;
  }
  const doubtUntil = inDoubt(trace) ? new Date(receivedAt.getTime() + settings.doubtMs) : undefined;
  const service = route === 'signup' ? 'guard' : 'service';
  const width = Math.max(300, Math.floor(place.clientWidth));
  fill(place, sequenceDiagram({ trace, roundTripMs, service, doubtUntil, width }));
}

function verdict() {
  if (view.phase === 'idle') return [make('p.hint', {}, text('noAnswerYet'))];
  if (view.phase === 'asking') return asking();
  const group = groupOfView();
  return [
    make(
      `div.verdict.${TONES[group] ?? 'warn'}`,
      {},
      make('h3', {}, text(group)),
      make('p', {}, `${text(`${group}_meaning`)} ${text(`${group}_action`)}`),
      group === 'real_looking' &&
        make('button.small#fill-in', { type: 'button', onclick: actions.onFresh }, text('fillIn')),
    ),
  ];
}

function details() {
  if (view.phase !== 'answered') return [];
  return [view.route === 'signup' && applicantView(), factsOf()];
}

/** Time and deadline are written by {@link showElapsed}, so that nothing else is drawn ten times a second. */
function asking() {
  return [
    make('p', { id: 'elapsed' }, text('asking')),
    make('progress', { id: 'elapsed-bar', max: settings.deadlineMs, value: 0, 'aria-label': text('elapsedLabel') }),
    make(
      'div.actions',
      {},
      make(
        'button#cancel',
        { type: 'button', 'aria-describedby': 'cancel-hint', onclick: actions.onCancel },
        text('cancel'),
      ),
      make('p.hint#cancel-hint', {}, text('cancelHint')),
    ),
  ];
}

/** @param {number} ms since the question was asked */
export function showElapsed(ms) {
  if (view.phase !== 'asking') return;
  byId('elapsed').textContent = text('elapsed', {
    s: (ms / 1_000).toFixed(1),
    deadline: duration(settings.deadlineMs),
  });
  byId('elapsed-bar').value = Math.min(ms, settings.deadlineMs);
}

/** What somebody who signs up gets to see: the reply as it is, and nothing else. */
function applicantView() {
  const { reply } = view;
  if (reply.kind !== 'reply') return undefined;
  return make(
    'div.applicant',
    {},
    make('h3', {}, text('applicantSees')),
    make(
      'pre',
      { tabindex: 0, 'aria-label': text('applicantSees') },
      `HTTP ${reply.status}\n${JSON.stringify(reply.body, null, 2)}`,
    ),
    make('p.hint', {}, text('applicantHint')),
  );
}

function factsOf() {
  const { trace, reply } = view;
  const { seqNo, status, code } = reply.body ?? {};
  const billed = trace?.billed ?? view.billed;
  const price = money(settings.fenPerCall);
  const errorCode = trace?.errorCode ?? code;
  return facts([
    [text('paid'), billed !== undefined && text(`paid_${billed}`, { price })],
    [text('source'), trace?.source && text(`source_${trace.source}`)],
    [text('instance'), trace && view.route === 'lending' && trace.instance],
    [text('inTheLog'), view.route !== 'office' && trace && text(trace.outcome ?? groupOf({ code: trace.errorCode }))],
    [text('error'), reply.kind === 'reply' && !reply.ok && make('code', {}, `${errorCode ?? 'HTTP'} (${status})`)],
    [text('code'), trace?.code && make('code', {}, trace.code)],
    [text('took'), view.roundTripMs !== undefined && duration(view.roundTripMs)],
    [
      text('seqNo'),
      seqNo !== undefined &&
        make(
          'span',
          {},
          make('code', {}, seqNo),
          ' ',
          copyButton({ label: text('copy'), done: text('copied'), failed: text('copyFailed'), value: () => seqNo }),
        ),
    ],
  ]);
}
