import { make } from './kit/dom.js';
import { duration, text, timeOfDay } from './language.js';
import { HEIGHT, LANES, laneY, layOut } from './sequence.layout.js';

const SVG = 'http://www.w3.org/2000/svg';
const BAR = 12;
/** The width of a character of a label, in pixels. */
const CHARACTER = 7.6;

function shape(name, attributes, ...children) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  made.append(...children);
  return made;
}

const label = (x, y, words, className = '', anchor = 'start') =>
  shape('text', { x, y, class: className, 'text-anchor': anchor }, words);

/**
 * Draws a question as a sequence of messages on a true time axis.
 *
 * @param {object} of
 * @param {object} of.trace an answer of `/status/answers`
 * @param {number} of.roundTripMs
 * @param {string} of.service key of the name of the second lane: `guard` or `service`
 * @param {Date} [of.doubtUntil] set if the question is in doubt
 * @param {number} of.width
 * @returns {HTMLElement} a figure; what it shows is also its text, for those who cannot see it
 */
export function sequenceDiagram({ trace, roundTripMs, service, doubtUntil, width }) {
  const plan = layOut(trace, width, doubtUntil !== undefined);
  const svg = shape('svg', { width, height: HEIGHT, viewBox: `0 0 ${width} ${HEIGHT}`, 'aria-hidden': 'true' });
  svg.append(hatching());
  for (const { x, ms } of plan.ticks) {
    svg.append(
      shape('line', { class: 'tick', x1: x, x2: x, y1: 12, y2: HEIGHT - 24 }),
      label(x, HEIGHT - 8, ms === 0 ? '0' : duration(ms), 'axis', x > width - 40 ? 'end' : 'middle'),
    );
  }
  for (const lane of LANES) {
    const y = laneY(lane);
    svg.append(
      shape('line', { class: 'lane', x1: 80, x2: width, y1: y, y2: y }),
      label(0, y + 4, text(`lane_${lane === 'service' ? service : lane}`), 'lane-name'),
    );
  }
  if (plan.doubt) svg.append(...doubtBand(plan.doubt, doubtUntil));
  for (const { lane, x, width: wide } of plan.bars) {
    svg.append(shape('rect', { class: `bar ${lane}`, x, y: laneY(lane) - BAR / 2, width: wide, height: BAR, rx: 3 }));
  }
  svg.append(
    label(plan.bars[0].x + 2, laneY('browser') - 10, text('roundTrip', { ms: duration(roundTripMs) }), 'axis'),
    message(plan.from, 'browser', 'service'),
    message(plan.to, 'service', 'browser'),
    ...plan.bars.filter(({ name }) => name !== undefined).flatMap(ledgerMessages),
    ...plan.gaps.flatMap(gapMarks),
    ...plan.attempts.flatMap((attempt) => attemptMarks(attempt, width)),
  );
  return make('figure.sequence', {}, svg, make('figcaption', {}, summary(trace, doubtUntil)));
}

function message(x, from, to, className = '') {
  const down = laneY(to) > laneY(from);
  const y1 = laneY(from) + (down ? BAR / 2 : -BAR / 2);
  const y2 = laneY(to) + (down ? -BAR / 2 : BAR / 2);
  const tip = down ? -5 : 5;
  return shape(
    'g',
    { class: `message ${className}` },
    shape('line', { x1: x, x2: x, y1, y2 }),
    shape('path', { d: `M${x - 3.5},${y2 + tip} L${x},${y2} L${x + 3.5},${y2 + tip}` }),
  );
}

const ledgerMessages = ({ x, width }) => [message(x, 'service', 'ledger'), message(x + width, 'ledger', 'service')];

/** The wait before a repetition: nothing is under way. */
function gapMarks({ x, width, ms }) {
  const y = laneY('upstream');
  const marks = [shape('line', { class: 'gap', x1: x + 2, x2: x + width - 2, y1: y, y2: y })];
  if (width > 64) marks.push(label(x + width / 2, y + 20, text('waits', { ms: duration(ms) }), 'axis', 'middle'));
  return marks;
}

function attemptMarks({ x, width, end, attempt }, whole) {
  const { reached, billed, upstreamCode, errorCode } = attempt;
  const isWhole = reached === 'reply';
  const tone = errorCode === undefined ? 'good' : billed === 'no' ? 'free' : 'bad';
  const y = laneY('upstream');
  const marks = [];
  if (reached === 'unsent') {
    marks.push(brokenMessage(x, 'service', 'upstream'));
  } else {
    marks.push(
      message(x, 'service', 'upstream', 'long'),
      shape('rect', { class: `bar upstream ${tone}`, x, y: y - BAR / 2, width, height: BAR, rx: 3 }),
      isWhole ? message(end, 'upstream', 'service', 'long') : brokenMessage(end, 'upstream', 'service'),
    );
    if (billed !== 'no') marks.push(coin(x, (laneY('ledger') + y) / 2 + 4, billed));
  }
  const words = upstreamCode ?? text(`reached_${reached}`);
  // Above the bar if it is long enough, because behind its end the next attempt may begin.
  const anchor = width > words.length * CHARACTER || end > whole - 60 ? 'end' : 'start';
  marks.push(label(anchor === 'end' ? end - 6 : end + 6, y - 12, words, `code-label ${tone}`, anchor));
  return marks;
}

/** An arrow that does not arrive. */
function brokenMessage(x, from, to) {
  const y1 = laneY(from) + (laneY(to) > laneY(from) ? BAR / 2 : -BAR / 2);
  // Between the ledger and the upstream, where nothing else is.
  const y2 = (laneY('ledger') + laneY('upstream')) / 2;
  return shape(
    'g',
    { class: 'message broken' },
    shape('line', { x1: x, x2: x, y1, y2 }),
    shape('path', { d: `M${x - 5},${y2 - 5} L${x + 5},${y2 + 5} M${x + 5},${y2 - 5} L${x - 5},${y2 + 5}` }),
  );
}

/** Money on an arrow: a full coin for a paid attempt, an open one for an attempt that may be paid. */
function coin(x, y, billed) {
  return shape(
    'g',
    { class: `coin ${billed}` },
    shape('circle', { cx: x, cy: y, r: 9 }),
    label(x, y + 4, billed === 'yes' ? '¥' : '?', 'coin-sign', 'middle'),
  );
}

function hatching() {
  const lines = shape('path', { d: 'M0,8 L8,0', class: 'hatch-line' });
  return shape(
    'defs',
    {},
    shape('pattern', { id: 'hatch', width: 8, height: 8, patternUnits: 'userSpaceOnUse' }, lines),
  );
}

function doubtBand({ x, width }, until) {
  const y = laneY('ledger') - 15;
  return [
    shape('rect', { class: 'doubt', x, y, width, height: 30, fill: 'url(#hatch)' }),
    label(x + width / 2, y - 6, text('inDoubtUntil', { time: timeOfDay(until) }), 'doubt-label', 'middle'),
  ];
}

/** What the picture shows, in words. */
function summary({ durationMs, attempts }, doubtUntil) {
  const parts = attempts.map(({ startMs, durationMs: ms, reached, upstreamCode, billed }, index) =>
    text('attemptInWords', {
      n: index + 1,
      at: duration(startMs),
      ms: duration(ms),
      end: upstreamCode ?? text(`reached_${reached}`),
      billed: text(`cost_${billed}`),
    }),
  );
  if (attempts.length === 0) parts.push(text('noAttempt'));
  parts.push(text('allInAll', { ms: duration(durationMs) }));
  if (doubtUntil) parts.push(text('doubtInWords', { time: timeOfDay(doubtUntil) }));
  return parts.join(' ');
}
