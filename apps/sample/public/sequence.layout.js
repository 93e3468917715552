/** Room at both sides of the axis, in pixels. */
const LEFT = 84;
const RIGHT = 12;
const ROW = 46;
const TOP = 30;
/** The shortest bar that can be seen. */
const MIN_BAR = 3;
/** The share of the width that the doubt gets behind the end of the question. */
const DOUBT_SHARE = 0.24;

/** The lanes, from the person to the upstream. */
export const LANES = ['browser', 'service', 'ledger', 'upstream'];

/** The middle of a lane. @param {string} lane */
export const laneY = (lane) => TOP + LANES.indexOf(lane) * ROW;

/** The height of the picture. */
export const HEIGHT = TOP + (LANES.length - 1) * ROW + 50;

/**
 * Places one question on a true time axis: every position is proportional to its time.
 *
 * @param {object} trace an answer of `/status/answers`
 * @param {number} roundTripMs as the browser measured it
 * @param {number} width in pixels
 * @param {boolean} inDoubt whether the question is in doubt after it
 */
export function layOut(trace, roundTripMs, width, inDoubt) {
  const { durationMs, phases, attempts } = trace;
  const total = Math.max(roundTripMs, durationMs, 0.1);
  // What the network and the browser take is divided between both ends: nothing says how.
  const offset = (total - durationMs) / 2;
  const axis = (width - LEFT - RIGHT) * (inDoubt ? 1 - DOUBT_SHARE : 1);
  const x = (ms) => LEFT + (ms / total) * axis;
  const bar = (lane, from, to, more = {}) => ({
    lane,
    x: x(from),
    width: Math.max(MIN_BAR, x(to) - x(from)),
    ms: to - from,
    ...more,
  });

  const { check = 0, claim = 0, call = 0, settle = 0 } = phases;
  const claimed = offset + check;
  const called = claimed + claim;
  const settled = called + call;
  const bars = [bar('browser', 0, total), bar('service', offset, offset + durationMs)];
  if (phases.claim !== undefined) bars.push(bar('ledger', claimed, called, { name: 'claim' }));
  if (phases.settle !== undefined) bars.push(bar('ledger', settled, settled + settle, { name: 'settle' }));

  const placed = attempts.map((attempt) => {
    const from = offset + attempt.startMs;
    return bar('upstream', from, from + attempt.durationMs, { attempt, end: x(from + attempt.durationMs) });
  });
  const gaps = placed.slice(1).map((next, index) => {
    const before = placed[index];
    const waited = next.attempt.startMs - (before.attempt.startMs + before.attempt.durationMs);
    return { x: before.end, width: Math.max(0, next.x - before.end), ms: waited };
  });
  return {
    total,
    bars,
    attempts: placed,
    gaps,
    serviceFrom: x(offset),
    serviceTo: x(offset + durationMs),
    end: x(total),
    ticks: ticksOf(total).map((ms) => ({ ms, x: x(ms) })),
    doubt: inDoubt ? { x: x(offset + durationMs), width: width - RIGHT - x(offset + durationMs) } : undefined,
  };
}

/** Round times along the axis, about four of them. */
function ticksOf(total) {
  const rough = total / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((each) => each >= rough) ?? rough;
  const ticks = [];
  for (let n = 0; n * step <= total * 1.0001; n++) ticks.push(n * step);
  return ticks;
}
