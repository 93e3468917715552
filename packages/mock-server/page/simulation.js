import { byId, fill, make, setText } from './kit/dom.js';
import { dateTime, duration } from './kit/format.js';
import { act, start } from './actions.js';
import { given, numberOf, setValue, startForm, valueOf, withFields } from './forms.js';
import { language, text, valueText } from './language.js';
import { call } from './session.js';

const HOUR_MS = 3_600_000;
const STEPS_MS = [60_000, HOUR_MS, 24 * HOUR_MS, 30 * 24 * HOUR_MS];

/** @type {Record<import('./types.js').Latency['kind'], readonly string[]>} */
const LATENCY_FIELDS = { none: [], fixed: ['ms'], uniform: ['minMs', 'maxMs'], lognormal: ['medianMs', 'sigma'] };
const SCOPES = ['user', 'app', 'api', 'group', 'domain'];

/** What the forms showed last, so that a poll does not overwrite what is being typed. */
const shown = { latency: '', throttle: '', quota: '' };

/** Starts the forms of latency, limits, quota and clock. */
export function startSimulation() {
  const buttons = (/** @type {string} */ path, /** @type {unknown} */ none) => () => [
    make('button.primary', { type: 'submit' }, text('set')),
    make('button.quiet', { type: 'button', onclick: () => start(put(path, none)) }, text('unset')),
  ];

  const drawLatency = startForm(
    'latency',
    () => [
      {
        name: 'kind',
        label: 'latencyKind',
        choices: () =>
          Object.keys(LATENCY_FIELDS).map((kind) => /** @type {const} */ ([kind, valueText('latency', kind)])),
      },
      ...latencyFields().map((name) => ({ name, label: `latency_${name}`, kind: /** @type {const} */ ('decimal') })),
    ],
    buttons('latency', { kind: 'none' }),
    () => start(withFields(setLatency)),
  );
  redrawLatency = drawLatency;
  byId('latency').addEventListener('change', (/** @type {Event} */ { target }) => {
    if (/** @type {HTMLElement} */ (target).id !== 'latency-kind') return;
    drawLatency();
    byId('latency-kind').focus();
  });

  startForm(
    'quota',
    () => [
      { name: 'callsLeft', label: 'callsLeft', kind: 'whole' },
      { name: 'balance', label: 'balance', kind: 'decimal' },
      { name: 'expiresIn', label: 'expiresIn', kind: 'decimal' },
      {
        name: 'answeredBy',
        label: 'answeredBy',
        choices: () => ['vendor', 'gateway'].map((who) => /** @type {const} */ ([who, valueText('answeredBy', who)])),
      },
      {
        name: 'unknownIsCharged',
        label: 'unknownIsCharged',
        choices: () => [
          ['yes', text('yes')],
          ['no', text('no')],
        ],
        className: 'field wide',
      },
    ],
    buttons('quota', {}),
    () => start(withFields(setQuota)),
  );

  startForm(
    'throttle',
    () => [
      { name: 'callsPerSecond', label: 'callsPerSecond', kind: 'whole' },
      {
        name: 'scope',
        label: 'scope',
        choices: () => SCOPES.map((scope) => /** @type {const} */ ([scope, valueText('scope', scope)])),
        start: 'app',
      },
      {
        name: 'httpStatus',
        label: 'refusalStatus',
        choices: () => [
          ['403', '403'],
          ['429', '429'],
        ],
      },
      { name: 'limit', label: 'sameLimit', kind: 'whole' },
      { name: 'window', label: 'sameWindow', kind: 'decimal', start: '24' },
    ],
    buttons('throttle', {}),
    () => start(withFields(setThrottle)),
  );

  language.onChange(() => {
    const advance = STEPS_MS.map((advanceMs) =>
      make(
        'button.small',
        {
          type: 'button',
          'data-advance': advanceMs,
          onclick: () => start(act(() => call('POST', 'clock', { advanceMs }))),
        },
        text('advance', { time: duration(advanceMs, language.locale()) }),
      ),
    );
    fill(byId('advance'), ...advance);
  });
}

/** @type {() => void} */
let redrawLatency = () => {};

/** The fields of the chosen distribution. */
const latencyFields = () => {
  const kind = /** @type {keyof typeof LATENCY_FIELDS} */ (valueOf('latency', 'kind') ?? 'none');
  return LATENCY_FIELDS[kind] ?? [];
};

/** @param {string} path @param {unknown} body */
const put = (path, body) => act(() => call('PUT', path, body), text('setDone'));

async function setLatency() {
  const values = latencyFields().map((name) => {
    // Sigma is a small decimal; the others are whole milliseconds.
    const value =
      name === 'sigma' ? (numberOf('latency', name, { scale: 1000 }) ?? 0) / 1000 : numberOf('latency', name);
    return /** @type {const} */ ([name, value ?? 0]);
  });
  await put('latency', { kind: valueOf('latency', 'kind'), ...Object.fromEntries(values) });
}

async function setQuota() {
  await put(
    'quota',
    given({
      callsLeft: numberOf('quota', 'callsLeft'),
      balanceFen: numberOf('quota', 'balance', { scale: 100 }),
      expiresInMs: numberOf('quota', 'expiresIn', { scale: HOUR_MS }),
      answeredBy: valueOf('quota', 'answeredBy'),
      unknownIsCharged: valueOf('quota', 'unknownIsCharged') === 'yes',
    }),
  );
}

async function setThrottle() {
  const limit = numberOf('throttle', 'limit');
  const windowMs = numberOf('throttle', 'window', { scale: HOUR_MS });
  await put(
    'throttle',
    given({
      callsPerSecond: numberOf('throttle', 'callsPerSecond'),
      scope: valueOf('throttle', 'scope'),
      httpStatus: Number(valueOf('throttle', 'httpStatus')),
      sameParameter: limit === undefined ? undefined : given({ limit, windowMs }),
    }),
  );
}

/** @param {import('./types.js').Namespace} namespace */
export function drawSimulation({ clock, latency, quota, throttle }) {
  const ahead =
    clock.offsetMs === 0 ? '' : ` (${text('clockAhead', { time: duration(clock.offsetMs, language.locale()) })})`;
  setText(byId('clock'), dateTime(clock.now, language.locale()) + ahead);

  syncForm('latency', latency, () => {
    setValue('latency', 'kind', latency.kind);
    redrawLatency();
    for (const [name, value] of Object.entries(latency)) setValue('latency', name, value);
  });
  syncForm('quota', { ...quota, expiresAt: null }, () => {
    setValue('quota', 'callsLeft', quota.callsLeft);
    setValue('quota', 'balance', quota.balanceFen === null ? '' : quota.balanceFen / 100);
    setValue('quota', 'answeredBy', quota.answeredBy);
    setValue('quota', 'unknownIsCharged', quota.unknownIsCharged ? 'yes' : 'no');
  });
  syncForm('throttle', throttle, () => {
    const { callsPerSecond, scope = 'app', httpStatus = 403, sameParameter } = throttle;
    setValue('throttle', 'callsPerSecond', callsPerSecond);
    setValue('throttle', 'scope', scope);
    setValue('throttle', 'httpStatus', httpStatus);
    setValue('throttle', 'limit', sameParameter?.limit);
    setValue('throttle', 'window', (sameParameter?.windowMs ?? 24 * HOUR_MS) / HOUR_MS);
  });
}

/**
 * Shows the state of the mock in a form, unless somebody is typing into it.
 *
 * @param {keyof typeof shown} form
 * @param {unknown} state
 * @param {() => void} write
 */
function syncForm(form, state, write) {
  const now = JSON.stringify(state);
  if (shown[form] === now || byId(form).contains(document.activeElement)) return;
  shown[form] = now;
  write();
}
