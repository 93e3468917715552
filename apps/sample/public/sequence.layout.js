/** Room at both sides of the axis, in pixels. */
const LEFT = 84;
const RIGHT = 12;
/** What the bar of the browser goes beyond the axis: how long network and browser took at either end is not known. */
const BEYOND = 22;
const ROW = 44;
const TOP = 24;
/** The shortest bar that can be seen. */
const MIN_BAR = 3;
/** The share of the width that the doubt gets behind the end of the question. */
const DOUBT_SHARE = 0.26;

/** The lanes, from the person to the upstream. */
export const LANES = ['browser', 'service', 'ledger', 'upstream'];

/** The middle of a lane. @param {string} lane */
export const laneY = (lane) => TOP + LANES.indexOf(lane) * ROW;

/** The height of the picture. */
export const HEIGHT = TOP + (LANES.length - 1) * ROW + 48;

/**
 * Places one question on a true time axis: from the module's first look at the question to its answer, every position is
 * proportional to its time. Browser and network lie beyond both ends.
 *
 * @param {object} trace an answer of `/status/answers`
 * @param {number} width in pixels
 * @param {boolean} inDoubt whether the question is in doubt after it
 */
export function layOut({ durationMs, phases, attempts }, width, inDoubt) {
  const total = Math.max(durationMs, 0.01);
  const from = LEFT + BEYOND;
  const axis = (width - LEFT - RIGHT) * (inDoubt ? 1 - DOUBT_SHARE : 1) - 2 * BEYOND;
  const x = (ms) => from + (ms / total) * axis;
  const bar = (lane, start, end, more = {}) => ({
    lane,
    x: x(start),
    width: Math.max(MIN_BAR, x(end) - x(start)),
    ...more,
  });

  const { check = 0, claim = 0, call = 0, settle = 0 } = phases;
  const called = check + claim;
  const settled = called + call;
  const bars = [
    { lane: 'browser', x: LEFT, width: axis + 2 * BEYOND },
    bar('service', 0, total),
    ...(phases.claim === undefined ? [] : [bar('ledger', check, called, { name: 'claim' })]),
    ...(phases.settle === undefined ? [] : [bar('ledger', settled, settled + settle, { name: 'settle' })]),
  ];
  const placed = attempts.map((attempt) => {
    const end = attempt.startMs + attempt.durationMs;
    return bar('upstream', attempt.startMs, end, { attempt, end: x(end) });
  });
  const gaps = placed.slice(1).map((next, index) => {
    const before = placed[index];
    const waited = next.attempt.startMs - (before.attempt.startMs + before.attempt.durationMs);
    return { x: before.end, width: Math.max(0, next.x - before.end), ms: waited };
  });
  return {
    bars,
    attempts: placed,
    gaps,
    from,
    to: x(total),
    ticks: ticksOf(total).map((ms) => ({ ms, x: x(ms) })),
    doubt: inDoubt ? { x: x(total), width: width - RIGHT - x(total) } : undefined,
  };
}

/** Round times along the axis, about four of them. */
function ticksOf(total) {
  const rough = total / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((each) => each >= rough) ?? rough;
  return Array.from({ length: Math.floor(total / step + 1.0001) }, (_, n) => n * step);
}
