import { byId, fill, setText } from './kit/dom.js';
import { duration, onLanguage, text, timeOfDay } from './language.js';

const SVG = 'http://www.w3.org/2000/svg';
const SIZE = 50;
const HEIGHT = 96;
/** The axis of latency is logarithmic: an answer of the ledger takes a thousandth of a call. */
const SHORTEST_MS = 0.1;
const LONGEST_MS = 30_000;
const LINES_MS = [1, 100, 10_000];

/** @type {object[]} */
let answers = [];

/** Shows the last answers as dots. */
export function startHistory() {
  onLanguage(draw);
  let width = 0;
  new ResizeObserver(([{ contentRect }]) => {
    if (Math.abs(contentRect.width - width) < 1) return;
    ({ width } = contentRect);
    draw();
  }).observe(byId('history'));
}

/** The index of the last answer that is known. */
export const lastIndex = () => answers.at(-1)?.index ?? 0;

/** Adds answers. */
export function addAnswers(more) {
  if (more.length === 0) return;
  const last = lastIndex();
  answers = [...answers, ...more.filter(({ index }) => index > last)].slice(-SIZE);
  draw();
}

/** Forgets everything. */
export function clearHistory() {
  answers = [];
  draw();
}

/** Returns the answer to a request. @param {string | null} requestId */
export const answerOf = (requestId) => answers.find((answer) => answer.requestId === requestId);

const y = (ms) => {
  const share = Math.log(Math.max(ms, SHORTEST_MS) / SHORTEST_MS) / Math.log(LONGEST_MS / SHORTEST_MS);
  return HEIGHT - 8 - Math.min(1, share) * (HEIGHT - 16);
};

function draw() {
  const width = Math.max(200, Math.floor(byId('history').clientWidth));
  const svg = node('svg', { width, height: HEIGHT, role: 'img', 'aria-labelledby': 'history-words' });
  for (const ms of LINES_MS) {
    svg.append(node('line', { class: 'tick', x1: 50, x2: width, y1: y(ms), y2: y(ms) }));
    const name = node('text', { class: 'axis', x: 0, y: y(ms) + 4 });
    name.append(duration(ms));
    svg.append(name);
  }
  for (const [index, answer] of answers.entries()) svg.append(dot(answer, 60 + (index * (width - 70)) / (SIZE - 1)));
  fill(byId('history'), svg);
  setText(byId('history-words'), words());
}

/** The shape says where the answer came from, the colour what it was. */
function dot(answer, x) {
  const { outcome, errorCode, code, source, durationMs, at, billed } = answer;
  const tone = errorCode !== null ? (billed === 'no' ? 'warn' : 'bad') : outcome === 'match' ? 'good' : 'soft';
  const height = y(durationMs);
  const mark =
    errorCode !== null
      ? node('path', { class: `dot ${tone}`, d: `M${x - 3},${height - 3} l6,6 m0,-6 l-6,6` })
      : node('circle', {
          class: `dot ${tone} ${source === 'upstream' ? '' : 'kept'}`,
          cx: x,
          cy: height,
          r: 3.2,
        });
  const title = node('title', {});
  title.append(
    [timeOfDay(at), outcome === null ? errorCode : text(outcome), code ?? '', duration(durationMs)].join(' '),
  );
  mark.append(title);
  return mark;
}

function words() {
  if (answers.length === 0) return text('historyEmpty');
  const kept = answers.filter(({ source }) => source === 'ledger' || source === 'joined').length;
  const failed = answers.filter(({ errorCode }) => errorCode !== null).length;
  const paid = answers.filter(({ billed }) => billed !== 'no').length;
  return text('historyWords', { n: answers.length, kept, failed, paid });
}

function node(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}
