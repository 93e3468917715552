import { byId, keepList, make } from './kit/dom.js';
import { showProblem } from './kit/parts.js';
import { act, start } from './actions.js';
import { given, numberOf, scenarioChoices, setValue, startForm, statusChoices, valueOf, withFields } from './forms.js';
import { language, text } from './language.js';
import { settings } from './queue.js';
import { call } from './session.js';

const FIELDS = /** @type {const} */ (['name', 'idCard', 'mobile']);

/** Starts the form of the rules. */
export function startRules() {
  const draw = startForm(
    'rule',
    () => [
      ...FIELDS.map((name) => ({ name, label: name })),
      { name: 'scenario', label: 'scenario', choices: scenarioChoices, className: 'field wide' },
      { name: 'latencyMs', label: 'latencyMs', kind: 'whole' },
      { name: 'httpStatus', label: 'httpStatus', choices: () => statusChoices(valueOf('rule', 'scenario')) },
    ],
    () => [make('button.primary', { type: 'submit' }, text('addRule'))],
    () => start(withFields(addRule)),
  );
  byId('rule').addEventListener('change', (/** @type {Event} */ { target }) => {
    if (/** @type {HTMLElement} */ (target).id !== 'rule-scenario') return;
    draw();
    byId('rule-scenario').focus();
  });
  byId('clear-rules').addEventListener('click', () => start(act(() => call('DELETE', 'rules'))));
}

async function addRule() {
  const when = given(Object.fromEntries(FIELDS.map((name) => [name, valueOf('rule', name) || undefined])));
  const isEmpty = Object.keys(when).length === 0;
  showProblem('rule-name', isEmpty ? text('ruleNeedsField') : undefined);
  if (isEmpty) {
    byId('rule-name').focus();
    return;
  }
  const status = valueOf('rule', 'httpStatus');
  const rule = given({
    when,
    scenario: valueOf('rule', 'scenario'),
    latencyMs: numberOf('rule', 'latencyMs'),
    httpStatus: status === '' ? undefined : Number(status),
  });
  const added = await act(() => call('POST', 'rules', rule), text('ruleAdded'));
  // What was typed may be somebody's; the list shows it masked.
  if (added) for (const name of FIELDS) setValue('rule', name, '');
}

/** @param {readonly import('./types.js').Rule[]} rules */
export function drawRules(rules) {
  keepList(byId('rules'), rules, {
    key: ({ id }) => id,
    state: ({ hits }) => `${hits} ${language.current()}`,
    draw: (rule) =>
      make(
        'li',
        {},
        make(
          'span',
          {},
          FIELDS.map((name) => rule.when[name])
            .filter(Boolean)
            .join(' '),
          ' → ',
          make('code', {}, rule.scenario),
        ),
        ...settings(rule),
        make('span.hint', {}, text('hits', { n: rule.hits })),
        make(
          'button.small.quiet',
          {
            type: 'button',
            'aria-label': text('removeOne', { scenario: rule.scenario }),
            onclick: () => start(act(() => call('DELETE', `rules?rule=${rule.id}`))),
          },
          text('remove'),
        ),
      ),
  });
  byId('rules-empty').hidden = rules.length > 0;
  byId('clear-rules').disabled = rules.length === 0;
}
