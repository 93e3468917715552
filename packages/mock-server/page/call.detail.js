import { copyButton } from './kit/copy.js';
import { make } from './kit/dom.js';
import { dateTime, duration } from './kit/format.js';
import { billedBadge, facts, maskedPerson } from './kit/parts.js';
import { descriptionOf, language, text, valueText } from './language.js';
import { scenarioOf } from './scenarios.js';
import { knownCode } from './session.js';
import { curlOf, testOf } from './snippets.js';

/**
 * Shows everything that is known of a call, in a dialog.
 *
 * @param {import('./types.js').Call} entry
 */
export function showCall(entry) {
  const { index, at, requestId, seqNo, channel, person, decidedBy, billed, fen, latencyMs, httpStatus } = entry;
  const scenario = scenarioOf(entry.scenario);
  const shared = { done: text('copied'), failed: text('copyFailed') };
  /** @param {string} value */
  const copyable = (value) =>
    make('span', {}, make('code', {}, value), ' ', copyButton({ ...shared, label: text('copy'), value: () => value }));
  const when = { at: dateTime(at, language.locale()), delay: duration(latencyMs, language.locale()) };

  const dialog = /** @type {HTMLDialogElement} */ (
    make(
      'dialog.call#call',
      { 'aria-labelledby': 'call-title' },
      make(
        'div.card-head',
        {},
        make('h2#call-title', {}, text('callTitle', { n: index })),
        make('button.small', { type: 'button', onclick: () => dialog.close() }, text('close')),
      ),
      facts([
        [text('request'), person === null ? text('noPerson') : maskedPerson(person)],
        [text('channel'), valueText('channel', channel)],
        [text('decidedBy'), valueText('stage', decidedBy)],
        [
          text('scenario'),
          entry.scenario !== null &&
            make('span', {}, make('code', {}, entry.scenario), scenario && ` ${descriptionOf(scenario)}`),
        ],
        [text('http'), httpStatus === null ? text('noReply') : String(httpStatus)],
        [text('billed'), billedBadge(billed, text(`billed_${billed}`), fen)],
        [text('timing'), text(latencyMs > 0 ? 'timingValue' : 'noDelay', when)],
        [text('requestId'), copyable(requestId)],
        [text('seqNo'), seqNo !== null && copyable(seqNo)],
      ]),
      scenario?.kind === 'reply' &&
        make('div', {}, make('h3', {}, text('replySent')), make('pre', { tabindex: 0 }, replyOf(scenario, seqNo))),
      make('div.actions', {}, ...copies(entry, scenario, shared)),
      scenario !== undefined && knownCode() === undefined && make('p.hint', {}, text('curlCodeHint')),
    )
  );
  document.body.append(dialog);
  dialog.addEventListener('close', () => dialog.remove());
  // A click beside the dialog closes it.
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog) dialog.close();
  });
  dialog.showModal();
}

/**
 * The body that the vendor sent, as the journal and the scenario tell it.
 *
 * @param {import('./types.js').Scenario} scenario
 * @param {string | null} seqNo
 */
function replyOf({ code, message, data }, seqNo) {
  return JSON.stringify({ code, message, data, seqNo }, undefined, 2);
}

/**
 * @param {import('./types.js').Call} entry
 * @param {import('./types.js').Scenario | undefined} scenario
 * @param {{ done: string, failed: string }} shared
 */
function copies({ latencyMs, httpStatus }, scenario, shared) {
  if (scenario === undefined) return [];
  return [
    copyButton({
      ...shared,
      label: text('copyCurl'),
      value: () => curlOf(scenario, knownCode()),
    }),
    copyButton({
      ...shared,
      label: text('copyTest'),
      value: () =>
        testOf({
          scenario: scenario.id,
          latencyMs,
          httpStatus: httpStatus === scenario.httpStatus ? null : httpStatus,
          isGateway: scenario.kind === 'gateway',
          ask: text('testAsk'),
        }),
    }),
  ];
}
