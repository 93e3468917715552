import { money } from './kit/format.js';

const SVG = 'http://www.w3.org/2000/svg';

/** The areas between the lines, from the lower line upwards. */
export const AREAS = ['ledger', 'joined', 'checked', 'maybe_paid', 'other'];

/** Money on the axis before the race, in fen: the lines grow, and the axis does not. */
const FIRST_TOP_FEN = 2_500;
const TICK_FEN = 500;
const TICK_MS = 15_000;
const HEIGHT = 300;
const NARROW = 560;
/** Least distance of the two labels at the end of the lines. */
const LABEL_DISTANCE = 18;

/** Creates an element of SVG, as `element` of the page does for HTML. */
function svg(name, attributes, ...children) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  made.append(...children);
  return made;
}

/**
 * Draws the race: money over time for both clients, the areas between them by reason, a mark where a wrong person was
 * let in, and the spells of the upstream.
 *
 * @param {SVGSVGElement} target its content is replaced
 * @param {object} of
 * @param {readonly any[]} of.series figures in the order of time
 * @param {readonly { kind: string, fromMs: number, toMs: number }[]} of.spells
 * @param {number} of.durationMs
 * @param {number} of.width in CSS pixels
 * @param {(key: string, values?: object) => string} of.say
 */
export function drawRace(target, { series, spells, durationMs, width, say }) {
  const narrow = width < NARROW;
  const plot = { left: narrow ? 40 : 48, right: width - (narrow ? 62 : 168), top: 26, bottom: HEIGHT - 26 };
  const last = series.at(-1);
  const highest = Math.max(FIRST_TOP_FEN, ...series.map(({ naive, module }) => Math.max(naive.fen, module.fen)));
  const topFen = Math.ceil((highest * 1.04) / TICK_FEN) * TICK_FEN;
  const x = (ms) => plot.left + (ms / durationMs) * (plot.right - plot.left);
  const y = (fen) => plot.bottom - (fen / topFen) * (plot.bottom - plot.top);
  const place = { plot, x, y, topFen, durationMs, narrow, say };

  target.setAttribute('viewBox', `0 0 ${width} ${HEIGHT}`);
  target.setAttribute('height', String(HEIGHT));
  target.replaceChildren(
    hatch(),
    ...spells.flatMap((spell) => spellBand(spell, place)),
    ...axes(place),
    ...(last === undefined
      ? []
      : [
          ...areas(series, place),
          line('naive', series, place),
          line('module', series, place),
          ...marks(series, place),
        ]),
    ...(last === undefined ? [] : [legend(place), ...labels(last, place)]),
  );
}

/** What the triangles mean, in the corner that the lines leave free. */
function legend({ plot, say }) {
  const text = svg('text', { class: 'race-soft', x: plot.right - 4, y: plot.bottom - 12, 'text-anchor': 'end' });
  text.append(`▼ ${say('wrongMark')}`);
  return text;
}

/** The pattern of the area that a colour alone would not tell apart. */
function hatch() {
  const pattern = {
    id: 'race-hatch',
    width: 7,
    height: 7,
    patternUnits: 'userSpaceOnUse',
    patternTransform: 'rotate(45)',
  };
  return svg(
    'defs',
    {},
    svg(
      'pattern',
      pattern,
      svg('rect', { width: 7, height: 7, class: 'race-maybe_paid' }),
      svg('rect', { width: 2.5, height: 7, class: 'race-stripe' }),
    ),
  );
}

function spellBand({ kind, fromMs, toMs }, { plot, x, narrow, say }) {
  const [from, to] = [x(fromMs), x(toMs)];
  const band = svg('rect', {
    class: 'race-spell',
    x: from,
    y: plot.top,
    width: to - from,
    height: plot.bottom - plot.top,
  });
  const label = svg('text', { class: 'race-soft', x: (from + to) / 2, y: plot.top - 8, 'text-anchor': 'middle' });
  label.append(say(`spell_${kind}`));
  return narrow && kind === 'time_out' ? [band] : [band, label];
}

function axes({ plot, x, y, topFen, durationMs, say }) {
  const parts = [];
  for (let fen = 0; fen <= topFen; fen += TICK_FEN) {
    const text = svg('text', { class: 'race-soft', x: plot.left - 8, y: y(fen) + 4, 'text-anchor': 'end' });
    text.append(`¥${fen / 100}`);
    parts.push(svg('line', { class: 'race-grid', x1: plot.left, x2: plot.right, y1: y(fen), y2: y(fen) }), text);
  }
  for (let ms = 0; ms <= durationMs; ms += TICK_MS) {
    const text = svg('text', { class: 'race-soft', x: x(ms), y: plot.bottom + 18, 'text-anchor': 'middle' });
    text.append(say('seconds', { s: ms / 1000 }));
    parts.push(text);
  }
  return parts;
}

function areas(series, { x, y }) {
  let floor = series.map(({ module }) => module.fen);
  return AREAS.map((reason) => {
    const below = floor;
    const above = series.map(({ saved }, index) => below[index] + Math.max(0, saved[reason].fen));
    floor = above;
    const point = (fen, index) => `${x(series[index].tMs).toFixed(1)},${y(fen).toFixed(1)}`;
    const back = below.map((_, index) => point(below[below.length - 1 - index], below.length - 1 - index));
    const points = [...above.map(point), ...back].join(' ');
    return svg('polygon', {
      points,
      class: `race-area race-${reason}`,
      ...(reason === 'maybe_paid' && { fill: 'url(#race-hatch)' }),
    });
  });
}

function line(racer, series, { x, y }) {
  const points = series.map((figures) => `${x(figures.tMs).toFixed(1)},${y(figures[racer].fen).toFixed(1)}`).join(' ');
  return svg('polyline', { points, class: `race-line race-line-${racer}` });
}

/** A triangle on the line of the client that has just let a wrong person in. */
function marks(series, { x, y, say }) {
  return ['naive', 'module'].flatMap((racer) =>
    series.flatMap((figures, index) => {
      const before = series[index - 1]?.[racer].wrongIn ?? 0;
      if (figures[racer].wrongIn <= before) return [];
      const [cx, cy] = [x(figures.tMs), y(figures[racer].fen) - 4];
      const title = svg('title', {});
      title.append(say('wrongMark'));
      return [svg('path', { d: `M${cx} ${cy}l-7 -13h14z`, class: 'race-wrong' }, title)];
    }),
  );
}

/** The amounts at the heads of the lines. */
function labels(last, { plot, x, y, narrow, say }) {
  const [upper, lower] = last.naive.fen >= last.module.fen ? ['naive', 'module'] : ['module', 'naive'];
  const upperY = Math.min(y(last[upper].fen), y(last[lower].fen) - LABEL_DISTANCE);
  return [
    [upper, upperY],
    [lower, Math.max(y(last[lower].fen), upperY + LABEL_DISTANCE)],
  ].flatMap(([racer, at]) => {
    const head = svg('circle', {
      cx: x(last.tMs),
      cy: y(last[racer].fen),
      r: 4,
      class: `race-head race-head-${racer}`,
    });
    const label = svg('text', {
      x: Math.min(x(last.tMs), plot.right) + 10,
      y: at + 5,
      class: `race-label race-label-${racer}`,
    });
    label.append(narrow ? money(last[racer].fen) : `${money(last[racer].fen)} ${say(racer)}`);
    return [head, label];
  });
}
