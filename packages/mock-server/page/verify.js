import { byId, fill, make } from './kit/dom.js';
import { act, start } from './actions.js';
import { given, numberOf, scenarioChoices, startForm, valueOf, withFields } from './forms.js';
import { text, valueText } from './language.js';
import { call } from './session.js';

const TIMES = ['atLeast', 'exactly', 'atMost'];

/** Starts the form that compares the calls with an expectation. */
export function startVerify() {
  startForm(
    'verify',
    () => [
      {
        name: 'scenario',
        label: 'scenario',
        choices: () => [['', text('anyScenario')], ...scenarioChoices()],
        className: 'field wide',
      },
      { name: 'code', label: 'code' },
      { name: 'name', label: 'name' },
      { name: 'idCard', label: 'idCard' },
      { name: 'mobile', label: 'mobile' },
      {
        name: 'billed',
        label: 'billed',
        choices: () => [
          ['', text('allBilled')],
          ...['yes', 'unknown', 'no'].map((billed) => /** @type {const} */ ([billed, valueText('billed', billed)])),
        ],
      },
      {
        name: 'how',
        label: 'howOften',
        choices: () => TIMES.map((each) => /** @type {const} */ ([each, valueText('times', each)])),
      },
      { name: 'times', label: 'times', kind: 'whole', start: '1' },
      { name: 'wait', label: 'waitSeconds', kind: 'decimal', start: '0' },
    ],
    () => [make('button.primary', { type: 'submit' }, text('check'))],
    () => start(withFields(check)),
  );
}

async function check() {
  const match = given(
    Object.fromEntries(
      ['scenario', 'code', 'name', 'idCard', 'mobile', 'billed'].map((name) => [
        name,
        valueOf('verify', name) || undefined,
      ]),
    ),
  );
  const times = numberOf('verify', 'times') ?? 1;
  const how = valueOf('verify', 'how') ?? 'atLeast';
  const expectation = {
    match,
    times: how === 'exactly' ? times : { [how]: times },
    waitMs: Math.min(numberOf('verify', 'wait', { scale: 1000 }) ?? 0, 60_000),
  };
  fill(byId('verdict'));
  await act(async () => show(await call('POST', 'verify', expectation)));
}

/** @param {import('./types.js').Verdict} verdict */
function show({ ok, count, nearest }) {
  const differences = nearest.flatMap(({ index, differences }) =>
    differences.map(({ field, expected, actual }) =>
      make('li', {}, text('differs', { n: index, field, expected, actual })),
    ),
  );
  fill(
    byId('verdict'),
    make(
      `div.notice.${ok ? 'good' : 'bad'}`,
      { 'data-ok': String(ok) },
      text(ok ? 'verdict_ok' : 'verdict_bad', { n: count }),
      differences.length > 0 && make('div', {}, text('nearest'), make('ul', {}, ...differences)),
    ),
  );
}
