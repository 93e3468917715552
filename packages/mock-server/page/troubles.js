import { byId, fill, make } from './kit/dom.js';
import { count, dateTime, duration, money } from './kit/format.js';
import { act, start } from './actions.js';
import { language, text } from './language.js';
import { call } from './session.js';

/**
 * A trouble that is on, as the mock says it, and how to turn it off.
 *
 * @typedef {{ name: string, label: string, off: (() => Promise<unknown>) | undefined }} Trouble
 */

/**
 * The troubles that are on. They are read from the mock and not remembered, because a test, curl or another page can turn
 * them on as well.
 *
 * @param {import('./types.js').View} view
 * @returns {Trouble[]}
 */
export function troublesOf({ namespace, queue }) {
  const { latency, throttle, quota, clock, queueLength, rules } = namespace;
  /** @type {Trouble[]} */
  const troubles = [];
  /** @param {string} name @param {string} label @param {(() => Promise<unknown>) | undefined} off */
  const add = (name, label, off) => troubles.push({ name, label, off });
  const [next] = queue;
  if (queueLength > 0 && next !== undefined) {
    add('queue', text('trouble_queue', { n: count(queueLength), scenario: next.scenario }), () =>
      call('DELETE', 'queue'),
    );
  }
  if (rules > 0) add('rules', text('trouble_rules', { n: rules }), () => call('DELETE', 'rules'));
  if (latency.kind !== 'none') {
    add('latency', text('trouble_latency', { value: latencyText(latency) }), () =>
      call('PUT', 'latency', { kind: 'none' }),
    );
  }
  const limits = limitsOf(throttle);
  if (limits.length > 0) {
    add('throttle', text('trouble_throttle', { value: limits.join(text('comma')) }), () => call('PUT', 'throttle', {}));
  }
  const left = leftOf(quota, clock.now);
  if (left.length > 0)
    add('quota', text('trouble_quota', { value: left.join(text('comma')) }), () => call('PUT', 'quota', {}));
  // A clock cannot be set back, except by clearing everything.
  if (clock.offsetMs > 0) add('clock', text('trouble_clock', { value: time(clock.offsetMs) }), undefined);
  return troubles;
}

/** @param {number} ms */
const time = (ms) => duration(ms, language.locale());

/** @param {import('./types.js').Latency} latency */
function latencyText(latency) {
  if (latency.kind === 'fixed') return text('latency_fixed_value', { ms: time(latency.ms) });
  if (latency.kind === 'uniform') {
    return text('latency_uniform_value', { min: time(latency.minMs), max: time(latency.maxMs) });
  }
  if (latency.kind === 'lognormal') return text('latency_lognormal_value', { median: time(latency.medianMs) });
  return text('latency_none');
}

/** @param {import('./types.js').Throttle} throttle */
function limitsOf({ callsPerSecond, sameParameter }) {
  const limits = [];
  if (callsPerSecond !== undefined) limits.push(text('perSecond', { n: callsPerSecond }));
  if (sameParameter !== undefined) {
    const { limit, windowMs = 86_400_000 } = sameParameter;
    limits.push(text('perQuestion', { n: limit, time: time(windowMs) }));
  }
  return limits;
}

/** @param {import('./types.js').Quota} quota @param {string} now */
function leftOf({ callsLeft, balanceFen, expiresAt }, now) {
  const left = [];
  if (callsLeft !== null) left.push(text('quota_calls_value', { n: count(Math.max(0, callsLeft)) }));
  if (balanceFen !== null) left.push(text('quota_balance_value', { money: money(balanceFen) }));
  if (expiresAt !== null) {
    const key = Date.parse(expiresAt) <= Date.parse(now) ? 'quota_expired_value' : 'quota_expiry_value';
    left.push(text(key, { time: dateTime(expiresAt, language.locale()) }));
  }
  return left;
}

/** @param {import('./types.js').View} view */
export function drawTroubles(view) {
  const troubles = troublesOf(view);
  const place = byId('troubles');
  const state = JSON.stringify([troubles.map(({ name, label }) => name + label), language.current()]);
  if (place.dataset['state'] === state) return;
  place.dataset['state'] = state;
  if (troubles.length === 0) {
    fill(place, make('span.hint', {}, text('troublesNone')));
    return;
  }
  const offs = troubles.flatMap(({ off }) => (off === undefined ? [] : [off]));
  fill(
    place,
    ...troubles.map(({ name, label, off }) =>
      make(
        `span.trouble#trouble-${name}`,
        {},
        label,
        off === undefined
          ? ' '
          : make(
              'button',
              { type: 'button', 'aria-label': `${text('troubleOff')}: ${label}`, onclick: () => start(act(off)) },
              text('troubleOff'),
            ),
      ),
    ),
    offs.length > 1 &&
      make(
        'button.small#troubles-off',
        { type: 'button', onclick: () => start(act(() => Promise.all(offs.map((off) => off())))) },
        text('troublesOff'),
      ),
  );
}
