import { confirmDialog } from './kit/confirm.js';
import { copyButton } from './kit/copy.js';
import { byId, fill, keepList, make, setText } from './kit/dom.js';
import { count, duration, money } from './kit/format.js';
import { act, start } from './actions.js';
import { language, text } from './language.js';
import { call, openByCode, openId, useToken } from './session.js';

/** @typedef {import('./types.js').NamespaceInBrief} NamespaceInBrief */

/** A namespace that was used less than this long ago is in use now, in milliseconds. */
const NOW_MS = 2_000;

let total = 0;

/**
 * Starts the list of namespaces.
 *
 * @param {(id: string) => void} onOpen called with the hash that the reader has chosen
 */
export function startNamespaces(onOpen) {
  byId('credential').addEventListener('submit', (/** @type {Event} */ event) => {
    event.preventDefault();
    useToken(byId('admin-token').value.trim());
    const code = byId('app-code').value.trim() || 'demo';
    byId('app-code').value = '';
    start(
      act(async () => {
        await openByCode(code);
        onOpen(openId() ?? '');
      }),
    );
  });
  byId('namespaces').addEventListener('click', (/** @type {MouseEvent} */ { target }) => {
    const id = /** @type {HTMLElement} */ (target).closest('button')?.dataset['key'];
    if (id !== undefined) onOpen(id);
  });
  byId('reset').addEventListener('click', () => start(reset()));
  byId('reset-every').addEventListener('click', () => start(resetEvery()));
  language.onChange(() => {
    const copy = copyButton({
      label: text('copyLink'),
      done: text('copied'),
      failed: text('copyFailed'),
      value: () => `${location.origin}/#ns=${openId()}`,
      tag: 'button.small.quiet#copy-link',
    });
    byId('copy-link').replaceWith(copy);
  });
}

/** @param {{ namespaces: readonly NamespaceInBrief[], total: number }} list */
export function drawNamespaces({ namespaces, total: all }) {
  total = all;
  const shown = namespaces.filter(({ id }, index) => index < 12 || id === openId());
  keepList(byId('namespaces'), shown, {
    key: ({ id }) => id,
    state: (each) => `${labelOf(each)} ${each.id === openId()}`,
    draw: (each) =>
      make(
        'button.small',
        { type: 'button', 'aria-pressed': String(each.id === openId()) },
        make('code', {}, `#${each.id}`),
        make('span.hint', {}, labelOf(each)),
      ),
  });
  byId('reset-every').hidden = all < 2;
}

/** @param {NamespaceInBrief} namespace */
function labelOf({ calls, lastSeen, now }) {
  if (lastSeen === null) return text('namespaceQuiet');
  const idleMs = Date.parse(now) - Date.parse(lastSeen);
  // In coarse steps, so that the button does not change at every poll.
  const rounded = idleMs < 60_000 ? Math.floor(idleMs / 10_000) * 10_000 : Math.floor(idleMs / 60_000) * 60_000;
  const ago =
    idleMs < Math.max(NOW_MS, 10_000) ? text('now') : text('ago', { time: duration(rounded, language.locale()) });
  return calls === 1 ? text('namespaceOne', { ago }) : text('namespaceButton', { n: count(calls), ago });
}

/** @param {import('./types.js').Namespace} namespace */
export function drawNamespace({ id, cost, quota }) {
  setText(byId('ns-id'), `#${id}`);
  /** @type {readonly (readonly [Parameters<typeof text>[0], string])[]} */
  const tiles = [
    ['calls', count(cost.calls)],
    ['billedCalls', count(cost.billed)],
    ['unknownCalls', count(cost.unknown)],
    ['spent', money(cost.fen)],
    ['spentAtMost', money(cost.fenAtMost)],
    ['left', quota.callsLeft === null ? text('unlimited') : count(quota.callsLeft)],
  ];
  const state = JSON.stringify([tiles, language.current()]);
  if (byId('tiles').dataset['state'] === state) return;
  byId('tiles').dataset['state'] = state;
  fill(
    byId('tiles'),
    ...tiles.map(([key, value]) => make('div', {}, make('dt', {}, text(key)), make('dd', {}, value))),
  );
}

async function reset() {
  const agreed = await confirmDialog({
    title: text('resetTitle', { id: openId() }),
    text: text('resetText'),
    yes: text('reset'),
    no: text('cancel'),
    tone: 'danger',
  });
  if (agreed) await act(() => call('POST', 'reset'), text('resetDone'));
}

async function resetEvery() {
  const agreed = await confirmDialog({
    title: text('resetEveryTitle', { n: total }),
    text: text('resetEveryText'),
    yes: text('resetEvery'),
    no: text('cancel'),
    tone: 'danger',
  });
  if (agreed) await act(() => call('POST', 'reset', { scope: 'every-namespace' }), text('resetDone'));
}
