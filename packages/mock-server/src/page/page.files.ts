// Written by `node tools/page.mjs` from packages/mock-server/page and packages/page-kit/kit. Change it there.

/** The files of the page, by name. */
export const PAGE_FILES: Readonly<Record<string, string>> = {
  'actions.js': `import { toast } from './kit/notice.js';
import { text } from './language.js';

/** @type {() => Promise<void>} */
let refresh = () => Promise.resolve();

/** @param {() => Promise<void>} listener called after each action, to show what it changed */
export function afterActions(listener) {
  refresh = listener;
}

/**
 * Runs something that changes the mock, says that it is done or why it was refused, and shows the new state.
 *
 * @param {() => Promise<unknown>} action
 * @param {string} [done]
 * @returns {Promise<boolean>} true if it was done
 */
export async function act(action, done) {
  try {
    await action();
    if (done !== undefined) toast(done);
  } catch (error) {
    toast(error instanceof TypeError ? text('gone') : /** @type {Error} */ (error).message, 'bad');
    return false;
  }
  await refresh();
  return true;
}

/** @param {Promise<unknown>} promise of an action, which has shown its own failure */
export const start = (promise) => void promise;
`,
  'call.detail.js': `import { copyButton } from './kit/copy.js';
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
            make('span', {}, make('code', {}, entry.scenario), scenario && \` \${descriptionOf(scenario)}\`),
        ],
        [text('http'), httpStatus === null ? text('noReply') : String(httpStatus)],
        [text('billed'), billedBadge(billed, text(\`billed_\${billed}\`), fen)],
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
`,
  'forms.js': `import { byId, fill, make } from './kit/dom.js';
import { field, select, showProblem } from './kit/parts.js';
import { language, text } from './language.js';
import { allScenarios, scenarioOf } from './scenarios.js';

/**
 * A field of a form of the page: a number, a text or a choice.
 *
 * @typedef {object} FieldOf
 * @property {string} name unique in its form
 * @property {string} label key of the label
 * @property {string} [hint] key of the hint
 * @property {'whole' | 'decimal' | 'text'} [kind] default: \`choice\` or \`text\`
 * @property {number} [most] largest number
 * @property {() => readonly (readonly [value: string, label: string])[]} [choices]
 * @property {string} [start] value at the start
 * @property {string} [className]
 */

/**
 * Draws a form and keeps what was typed when the language changes.
 *
 * @param {string} id of the form
 * @param {() => readonly FieldOf[]} fields
 * @param {() => readonly HTMLElement[]} buttons
 * @param {() => void} onSubmit
 * @returns {() => void} draws it again
 */
export function startForm(id, fields, buttons, onSubmit) {
  const form = byId(id);
  const draw = () => {
    const typed = new Map(fields().map(({ name }) => [name, valueOf(id, name)]));
    const drawn = fields().map((each) => {
      const { name, label, hint, kind = 'text', choices, start, className = 'field' } = each;
      const value = typed.get(name) ?? start ?? '';
      const input =
        choices === undefined
          ? make('input', { name, value, inputmode: INPUT_MODES[kind], autocomplete: 'off', maxlength: 64 })
          : select(choices(), value, { name });
      const made = field({
        id: \`\${id}-\${name}\`,
        label: text(/** @type {any} */ (label)),
        ...(hint !== undefined && { hint: text(/** @type {any} */ (hint)) }),
        input,
      });
      made.className = className;
      return made;
    });
    fill(form, ...drawn, make('div.actions', {}, ...buttons()));
  };
  form.addEventListener('submit', (/** @type {Event} */ event) => {
    event.preventDefault();
    onSubmit();
  });
  language.onChange(draw);
  return draw;
}

const INPUT_MODES = { whole: 'numeric', decimal: 'decimal', text: 'text' };

/** @param {string} form @param {string} name @returns {string | undefined} */
export function valueOf(form, name) {
  const input = /** @type {HTMLInputElement | null} */ (document.getElementById(\`\${form}-\${name}\`));
  return input?.value.trim();
}

/** @param {string} form @param {string} name @param {string | number | null | undefined} value */
export function setValue(form, name, value) {
  const input = /** @type {HTMLInputElement | null} */ (document.getElementById(\`\${form}-\${name}\`));
  if (input !== null) input.value = String(value ?? '');
}

/**
 * Reads a number; an empty field is \`undefined\`.
 *
 * @param {string} form
 * @param {string} name
 * @param {{ scale?: number }} [options] \`scale\`: the number is multiplied and rounded, such as hours to milliseconds
 * @returns {number | undefined}
 * @throws {FieldError} after the field has been marked
 */
export function numberOf(form, name, { scale } = {}) {
  const typed = valueOf(form, name) ?? '';
  const id = \`\${form}-\${name}\`;
  const pattern = scale === undefined ? /^\\d{1,15}$/ : /^\\d{1,12}(?:\\.\\d{1,6})?$/;
  const isWrong = typed !== '' && !pattern.test(typed);
  showProblem(id, isWrong ? text('notANumber') : undefined);
  if (isWrong) {
    byId(id).focus();
    throw new FieldError();
  }
  return typed === '' ? undefined : Math.round(Number(typed) * (scale ?? 1));
}

/** A field is wrong, and says so. */
export class FieldError extends Error {}

/**
 * Runs \`work\` unless a field is wrong.
 *
 * @param {() => Promise<unknown>} work
 */
export async function withFields(work) {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof FieldError)) throw error;
  }
}

/** The scenarios as choices. */
export const scenarioChoices = () => allScenarios().map(({ id }) => /** @type {const} */ ([id, id]));

/**
 * The documented statuses of a scenario as choices; the first is the scenario's own.
 *
 * @param {string | undefined} scenario
 * @returns {readonly (readonly [value: string, label: string])[]}
 */
export const statusChoices = (scenario) => [
  ['', text('statusOfScenario')],
  ...(scenarioOf(scenario ?? null)?.statuses ?? []).map((each) => /** @type {const} */ ([String(each), String(each)])),
];

/**
 * Leaves out what is undefined, so that the admin API applies its default.
 *
 * @param {Record<string, unknown>} values
 */
export const given = (values) => Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
`,
  'icon.svg': `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#0b6e69"/><circle cx="12" cy="12.5" r="3.5" fill="#fff"/><path d="M5.5 23.5c.6-4 3.2-6 6.5-6s5.9 2 6.5 6z" fill="#fff"/><path d="M19 14.5l3 3 5.5-6" fill="none" stroke="#9fe3dd" stroke-width="2.6" stroke-linecap="round" stroke-linejoin="round"/></svg>
`,
  'index.html': `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <title>identity-verify-mock</title>
    <link rel="icon" href="/__page/icon.svg" type="image/svg+xml" />
    <link rel="stylesheet" href="/__page/kit/kit.css" />
    <link rel="stylesheet" href="/__page/page.css" />
    <script type="module" src="/__page/page.js"></script>
  </head>
  <body>
    <a class="skip" href="#calls" data-text="skip"></a>
    <header class="bar">
      <div class="brand">
        <img src="/__page/icon.svg" alt="" width="28" height="28" />
        <div>
          <h1>identity-verify-mock</h1>
          <p data-text="tagline"></p>
        </div>
      </div>
      <div class="actions" id="tools">
        <a id="application" rel="noreferrer" data-text="toApplication" hidden></a>
        <span class="badge" id="status" role="status"></span>
      </div>
    </header>
    <main>
      <div id="notices"></div>
      <section class="card" aria-labelledby="namespaces-title">
        <div class="card-head">
          <div>
            <h2 id="namespaces-title"><span data-text="namespaces"></span> <code id="ns-id"></code></h2>
            <p class="hint" data-text="namespacesHint"></p>
          </div>
          <div class="actions">
            <button type="button" class="small quiet" id="copy-link" data-text="copyLink"></button>
            <button type="button" class="small danger" id="reset" data-text="reset"></button>
            <button type="button" class="small danger" id="reset-every" data-text="resetEvery"></button>
          </div>
        </div>
        <div class="choices" id="namespaces" role="group" aria-labelledby="namespaces-title"></div>
        <details id="open-by-code">
          <summary data-text="openByCode"></summary>
          <form id="credential" class="row" autocomplete="off">
            <div class="field">
              <label for="app-code" data-text="appCode"></label>
              <input
                id="app-code"
                type="password"
                autocomplete="off"
                spellcheck="false"
                autocapitalize="off"
                maxlength="128"
                placeholder="demo"
                aria-describedby="app-code-hint"
              />
            </div>
            <div class="field" id="token-field" hidden>
              <label for="admin-token" data-text="adminToken"></label>
              <input id="admin-token" type="password" autocomplete="off" maxlength="128" />
            </div>
            <button type="submit" class="primary" data-text="open"></button>
          </form>
          <p class="hint" id="app-code-hint" data-text="appCodeHint"></p>
        </details>
        <dl class="tiles" id="tiles"></dl>
        <div class="troubles" role="group" aria-labelledby="troubles-title">
          <h3 id="troubles-title" data-text="troubles"></h3>
          <div class="choices" id="troubles"></div>
        </div>
      </section>

      <section class="card sections">
        <div role="tablist" id="tabs" data-label="sections">
          <button type="button" role="tab" id="tab-calls" aria-controls="calls" data-text="tab_calls"></button>
          <button
            type="button"
            role="tab"
            id="tab-scenarios"
            aria-controls="scenarios-panel"
            data-text="tab_scenarios"
          ></button>
          <button type="button" role="tab" id="tab-queue" aria-controls="queue-panel" data-text="tab_queue"></button>
          <button
            type="button"
            role="tab"
            id="tab-simulation"
            aria-controls="simulation-panel"
            data-text="tab_simulation"
          ></button>
          <button type="button" role="tab" id="tab-verify" aria-controls="verify-panel" data-text="tab_verify"></button>
        </div>

        <div role="tabpanel" id="calls">
          <p class="hint" data-text="journalHint"></p>
          <div class="row">
            <div class="field grow">
              <label for="filter" data-text="filter"></label>
              <input id="filter" type="search" maxlength="64" data-placeholder="filterHint" />
            </div>
            <div class="field">
              <label for="filter-stage" data-text="decidedBy"></label>
              <select id="filter-stage"></select>
            </div>
            <div class="field">
              <label for="filter-billed" data-text="billed"></label>
              <select id="filter-billed"></select>
            </div>
            <div class="actions">
              <button type="button" id="pause" aria-pressed="false"></button>
              <button type="button" id="export" data-text="exportCalls"></button>
              <button type="button" class="danger" id="clear-journal" data-text="clearJournal"></button>
            </div>
          </div>
          <p class="hint" id="journal-count" aria-live="off"></p>
          <div class="scroll" id="journal-scroll" tabindex="0" role="region" data-label="journal">
            <table id="journal">
              <thead>
                <tr></tr>
              </thead>
              <tbody></tbody>
            </table>
          </div>
          <div class="empty" id="journal-empty" hidden></div>
          <button type="button" class="quiet" id="show-more" hidden></button>
        </div>

        <div role="tabpanel" id="scenarios-panel" hidden>
          <p class="hint" data-text="scenariosHint"></p>
          <div class="row">
            <div class="field grow">
              <label for="search" data-text="search"></label>
              <input id="search" type="search" maxlength="64" data-placeholder="searchHint" />
            </div>
            <div class="choices" id="kinds" role="group" data-label="scenarios"></div>
          </div>
          <ul class="cards" id="scenarios"></ul>
          <p class="empty" id="scenarios-empty" data-text="nothingFound" hidden></p>
        </div>

        <div role="tabpanel" id="queue-panel" hidden>
          <div class="halves">
            <section aria-labelledby="queue-title">
              <div class="card-head">
                <h2 id="queue-title" data-text="queue"></h2>
                <button type="button" class="small danger" id="clear-queue" data-text="clearQueue"></button>
              </div>
              <p class="hint" data-text="queueHint"></p>
              <form id="enqueue" class="row"></form>
              <ol class="entries" id="queue"></ol>
              <p class="hint" id="queue-empty" data-text="queueEmpty"></p>
            </section>
            <section aria-labelledby="rules-title">
              <div class="card-head">
                <h2 id="rules-title" data-text="rules"></h2>
                <button type="button" class="small danger" id="clear-rules" data-text="clearRules"></button>
              </div>
              <p class="hint" data-text="rulesHint"></p>
              <form id="rule" class="row" autocomplete="off"></form>
              <ol class="entries" id="rules"></ol>
              <p class="hint" id="rules-empty" data-text="rulesEmpty"></p>
            </section>
          </div>
        </div>

        <div role="tabpanel" id="simulation-panel" hidden>
          <div class="halves">
            <section aria-labelledby="latency-title">
              <h2 id="latency-title" data-text="latencyTitle"></h2>
              <p class="hint" data-text="latencyHint"></p>
              <form id="latency" class="row"></form>
            </section>
            <section aria-labelledby="quota-title">
              <h2 id="quota-title" data-text="quotaTitle"></h2>
              <p class="hint" data-text="quotaHint"></p>
              <form id="quota" class="row"></form>
            </section>
            <section aria-labelledby="throttle-title">
              <h2 id="throttle-title" data-text="throttleTitle"></h2>
              <p class="hint" data-text="throttleHint"></p>
              <form id="throttle" class="row"></form>
            </section>
            <section aria-labelledby="clock-title">
              <h2 id="clock-title" data-text="clockTitle"></h2>
              <p class="hint" data-text="clockHint"></p>
              <p id="clock" class="mono"></p>
              <div class="choices" id="advance"></div>
            </section>
          </div>
        </div>

        <div role="tabpanel" id="verify-panel" hidden>
          <p class="hint" data-text="verifyHint"></p>
          <form id="verify" class="row" autocomplete="off"></form>
          <div id="verdict" aria-live="polite"></div>
        </div>
      </section>
    </main>
    <footer>
      <a href="/openapi.json">OpenAPI 3.1</a>
      <a href="/__admin/metrics" data-text="metrics"></a>
      <span data-text="synthetic"></span>
    </footer>
  </body>
</html>
`,
  'journal.js': `import { confirmDialog } from './kit/confirm.js';
import { byId, fill, keepList, make, setText } from './kit/dom.js';
import { count, duration, timeOfDay } from './kit/format.js';
import { billedBadge, codeBadge, maskedPerson, select } from './kit/parts.js';
import { act, start } from './actions.js';
import { showCall } from './call.detail.js';
import { language, text, valueText } from './language.js';
import { scenarioOf, searchText } from './scenarios.js';
import { call, knownCode, openId } from './session.js';
import { curlOf } from './snippets.js';

/** @typedef {import('./types.js').Call} Call */

/** Number of calls that are drawn at first, and more with each press of the button. */
const STEP = 100;
/** Number of calls that the admin API returns at once. */
const PAGE = 1000;

const STAGES = [
  'route',
  'authentication',
  'quota',
  'throttle',
  'parse',
  'queue',
  'rule',
  'header',
  'mobile',
  'population',
  'default',
  'refused',
  'trap',
];

/** The columns: the key of the heading is the class of the cells. */
const COLUMNS = /** @type {const} */ ([
  'index',
  'time',
  'person',
  'scenario',
  'reply',
  'decidedBy',
  'latency',
  'billed',
]);

/** @type {Record<typeof COLUMNS[number], (entry: Call) => Node | string>} */
const CELLS = {
  index: (entry) =>
    make(
      'button',
      { type: 'button', 'aria-label': text('showCall', { n: entry.index }), onclick: () => showCall(entry) },
      entry.index,
    ),
  time: ({ at }) => timeOfDay(at, language.locale()),
  person: ({ person }) => maskedPerson(person),
  scenario: ({ scenario }) => codeBadge(scenario),
  reply: ({ httpStatus, code }) =>
    codeBadge(httpStatus === null ? null : code === null ? httpStatus : \`\${httpStatus} · \${code}\`),
  decidedBy: ({ decidedBy }) => valueText('stage', decidedBy),
  latency: ({ latencyMs }) => (latencyMs === 0 ? '–' : duration(latencyMs, language.locale())),
  billed: ({ billed, fen }) => billedBadge(billed, text(\`billed_\${billed}\`), fen),
};

const journal = {
  /** The kept calls, oldest first. @type {Call[]} */
  entries: [],
  total: 0,
  evicted: 0,
  limit: STEP,
  /** The index of the newest call when the journal was paused. @type {number | undefined} */
  pausedAt: undefined,
};

/** What was drawn last, so that a poll without news costs nothing. */
let drawn = '';

/** Starts the list of calls. */
export function startJournal() {
  const changed = () => draw();
  language.onChange(() => {
    fill(byId('journal').tHead.rows[0], ...COLUMNS.map((name) => make(\`th.\${name}\`, { scope: 'col' }, text(name))));
    refill('filter-stage', [
      ['', text('allStages')],
      ...STAGES.map((stage) => /** @type {const} */ ([stage, valueText('stage', stage)])),
    ]);
    refill('filter-billed', [
      ['', text('allBilled')],
      ...['yes', 'unknown', 'no'].map((billed) => /** @type {const} */ ([billed, valueText('billed', billed)])),
    ]);
    byId('journal').tBodies[0].replaceChildren();
    drawn = '';
    draw();
  });
  for (const id of ['filter', 'filter-stage', 'filter-billed']) byId(id).addEventListener('input', changed);
  byId('pause').addEventListener('click', () => {
    journal.pausedAt = journal.pausedAt === undefined ? journal.total : undefined;
    draw();
  });
  byId('show-more').addEventListener('click', () => {
    journal.limit += STEP;
    draw();
  });
  byId('export').addEventListener('click', exportCalls);
  byId('clear-journal').addEventListener('click', () => start(clearJournal()));
  // The whole row opens the call; the keyboard has the button in it.
  byId('journal').tBodies[0].addEventListener('click', (/** @type {MouseEvent} */ event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    const key = target.closest('tr')?.dataset['key'];
    const entry = journal.entries.find(({ index }) => String(index) === key);
    if (entry !== undefined && target.closest('button') === null) showCall(entry);
  });
}

/** @param {string} id @param {readonly (readonly [value: string, label: string])[]} options */
function refill(id, options) {
  const place = /** @type {HTMLSelectElement} */ (byId(id));
  const chosen = place.value;
  fill(place, ...select(options, chosen).children);
  place.value = chosen;
}

/** Forgets the calls, because another namespace is open. */
export function forgetCalls() {
  Object.assign(journal, { entries: [], total: 0, evicted: 0, limit: STEP, pausedAt: undefined });
  byId('journal').tBodies[0].replaceChildren();
  drawn = '';
}

/**
 * Loads the calls since the last time. The newest known call is asked for again: if another one has its index, the journal
 * was cleared in between, and everything is loaded anew.
 */
export async function loadCalls() {
  const known = journal.entries.at(-1);
  /** @type {import('./types.js').Journal} */
  let page = await call('GET', \`journal?last=\${PAGE}&after=\${known === undefined ? 0 : known.index - 1}\`);
  const [first] = page.entries;
  const wasCleared =
    known !== undefined &&
    (page.total < known.index || (first?.index === known.index && first.requestId !== known.requestId));
  if (wasCleared) {
    journal.entries = [];
    page = await call('GET', \`journal?last=\${PAGE}&after=0\`);
  }
  const newest = journal.entries.at(-1)?.index ?? 0;
  const fresh = page.entries.filter(({ index }) => index > newest);
  const oldest = page.total - page.evicted;
  return () => {
    if (wasCleared) journal.pausedAt = undefined;
    if (fresh.length > 0) journal.entries.push(...fresh);
    if (journal.entries.length > Math.max(oldest, 0)) journal.entries = journal.entries.slice(-oldest || Infinity);
    if (oldest === 0) journal.entries = [];
    journal.total = page.total;
    journal.evicted = page.evicted;
    draw();
  };
}

/** The calls that the filter lets through, newest first. */
function chosenCalls() {
  const wanted = byId('filter').value.trim().toLowerCase();
  const stage = byId('filter-stage').value;
  const billed = byId('filter-billed').value;
  const { entries, pausedAt = Infinity } = journal;
  const chosen = [];
  for (let at = entries.length - 1; at >= 0; at--) {
    const entry = entries[at];
    if (entry === undefined || entry.index > pausedAt) continue;
    if (stage !== '' && entry.decidedBy !== stage) continue;
    if (billed !== '' && entry.billed !== billed) continue;
    if (wanted !== '' && !textOf(entry).includes(wanted)) continue;
    chosen.push(entry);
  }
  return chosen;
}

/** @param {Call} entry */
function textOf({ requestId, seqNo, person, scenario, code, httpStatus, decidedBy, billed }) {
  const found = scenarioOf(scenario);
  return [
    requestId,
    seqNo,
    person?.name,
    person?.idCard,
    person?.mobile,
    scenario,
    code,
    httpStatus,
    decidedBy,
    ...language.both(/** @type {any} */ (\`stage_\${decidedBy}\`)),
    ...language.both(\`billed_\${billed}\`),
    found === undefined ? '' : searchText(found),
  ]
    .join(' ')
    .toLowerCase();
}

function draw() {
  const { total, evicted, entries, limit, pausedAt } = journal;
  const state = JSON.stringify([
    openId(),
    entries.at(-1)?.requestId,
    entries.length,
    total,
    limit,
    pausedAt,
    byId('filter').value,
    byId('filter-stage').value,
    byId('filter-billed').value,
    language.current(),
    knownCode() === undefined,
  ]);
  if (state === drawn) return;
  drawn = state;

  const chosen = chosenCalls();
  const shown = chosen.slice(0, limit);
  keepList(byId('journal').tBodies[0], shown, {
    key: ({ index }) => index,
    state: ({ requestId }) => requestId,
    draw: row,
  });
  byId('journal-scroll').hidden = shown.length === 0;
  const rest = chosen.length - shown.length;
  byId('show-more').hidden = rest === 0;
  setText(byId('show-more'), text('showMore', { n: Math.min(rest, STEP) }));

  const counted = total === 0 ? '' : text('shown', { n: count(shown.length), total: count(total) });
  const lost = evicted === 0 ? '' : \` · \${text('evicted', { n: count(evicted) })}\`;
  setText(byId('journal-count'), counted + lost);
  byId('pause').setAttribute('aria-pressed', String(pausedAt !== undefined));
  setText(byId('pause'), pausedAt === undefined ? text('pause') : text('resume', { n: total - pausedAt }));
  for (const id of ['pause', 'export', 'clear-journal']) byId(id).disabled = total === 0;
  drawEmpty(shown.length === 0, total === 0);
}

/** @param {boolean} isEmpty @param {boolean} isNew */
function drawEmpty(isEmpty, isNew) {
  const place = byId('journal-empty');
  place.hidden = !isEmpty;
  const match = scenarioOf('state-1');
  if (!isEmpty) place.replaceChildren();
  else if (isNew) fill(place, text('journalEmpty'), match && make('pre', { tabindex: 0 }, curlOf(match, knownCode())));
  else fill(place, text('journalNoMatch'));
}

/** @param {Call} entry */
function row(entry) {
  return make('tr', {}, ...COLUMNS.map((name) => make(\`td.\${name}\`, {}, CELLS[name](entry))));
}

/** Saves the chosen calls, oldest first, one JSON object a line. */
function exportCalls() {
  const lines = [];
  // Each goes to the front, because they come newest first.
  for (const entry of chosenCalls()) lines.unshift(\`\${JSON.stringify(entry)}\\n\`);
  const url = URL.createObjectURL(new Blob(lines, { type: 'application/x-ndjson' }));
  make('a', { href: url, download: \`identity-verify-mock-\${openId()}.ndjson\` }).click();
  URL.revokeObjectURL(url);
}

async function clearJournal() {
  const agreed = await confirmDialog({
    title: text('clearJournalTitle', { id: openId() }),
    text: text('clearJournalText', { n: count(journal.total) }),
    yes: text('clearJournal'),
    no: text('cancel'),
    tone: 'danger',
  });
  if (agreed) await act(() => call('DELETE', 'journal'), text('resetDone'));
}
`,
  'language.js': `import { createLanguage } from './kit/language.js';
import { TEXTS } from './texts.js';

export const language = createLanguage(TEXTS);

/** A text in the current language. */
export const { text } = language;

/**
 * The text of a value of the admin API, such as \`stage_queue\`. A value of a newer mock is shown as it is.
 *
 * @param {string} group
 * @param {string} value
 */
export function valueText(group, value) {
  const key = \`\${group}_\${value}\`;
  return language.has(key) ? text(key) : value;
}

/**
 * The sentence of a scenario in the current language.
 *
 * @param {import('./types.js').Scenario} scenario
 */
export const descriptionOf = ({ description, descriptionZh }) => language.pick({ en: description, zh: descriptionZh });
`,
  'namespaces.js': `import { confirmDialog } from './kit/confirm.js';
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
      value: () => \`\${location.origin}/#ns=\${openId()}\`,
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
    state: (each) => \`\${labelOf(each)} \${each.id === openId()}\`,
    draw: (each) =>
      make(
        'button.small',
        { type: 'button', 'aria-pressed': String(each.id === openId()) },
        make('code', {}, \`#\${each.id}\`),
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
  setText(byId('ns-id'), \`#\${id}\`);
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
`,
  'page.css': `/* The layout of the mock's page. The parts are in kit/kit.css. */
:root {
  --accent: #0b6e69;
  --on-accent: #ffffff;
  --tint: #e6f2f1;
}
@media (prefers-color-scheme: dark) {
  :root {
    --accent: #4cc0b8;
    --on-accent: #06201e;
    --tint: #17302f;
  }
}
.bar {
  position: sticky;
  top: 0;
  z-index: 2;
  display: flex;
  gap: 12px;
  align-items: center;
  justify-content: space-between;
  padding: 12px max(16px, calc((100vw - 1208px) / 2));
  background: var(--card);
  border-bottom: 1px solid var(--line);
}
.bar .actions {
  flex: none;
}
.brand img {
  flex: none;
}
main {
  display: grid;
  gap: 16px;
  max-width: 1240px;
  padding: 16px;
  margin: 0 auto;
}
main > * {
  min-width: 0;
}
#notices {
  display: contents;
}
h2 code {
  font-weight: 500;
  color: var(--soft);
}
.row {
  display: flex;
  flex-wrap: wrap;
  gap: 10px;
  align-items: flex-end;
}
.row .field {
  width: 150px;
}
.row .field.grow {
  flex: 1 1 240px;
  width: auto;
}
.row .field.wide {
  width: 260px;
}
.row .field label {
  font-size: 0.8125rem;
}
.row .check {
  min-height: 40px;
}
#namespaces button {
  display: flex;
  gap: 8px;
  align-items: baseline;
  font-size: 0.875rem;
}
#namespaces .hint {
  font-weight: 400;
}
#open-by-code {
  margin-top: 8px;
}
.tiles {
  display: grid;
  grid-template-columns: repeat(6, minmax(0, 1fr));
  gap: 1px;
  margin-top: 8px;
  overflow: hidden;
  background: var(--line);
  border: 1px solid var(--line);
  border-radius: var(--radius-small);
}
.tiles div {
  padding: 10px 14px;
  background: var(--card);
}
.tiles dt {
  font-size: 0.8125rem;
  color: var(--soft);
}
.tiles dd {
  font-size: 1.25rem;
  font-weight: 650;
  font-variant-numeric: tabular-nums;
  overflow-wrap: anywhere;
}
.troubles {
  display: flex;
  flex-wrap: wrap;
  gap: 6px 14px;
  align-items: baseline;
  margin-top: 14px;
}
.trouble {
  display: inline-flex;
  gap: 8px;
  align-items: center;
  padding: 2px 4px 2px 12px;
  font-size: 0.875rem;
  color: var(--warn);
  background: var(--warn-ground);
  border-radius: 99px;
}
.trouble button {
  min-height: 28px;
  padding: 1px 10px;
  font-size: 0.8125rem;
  background: var(--card);
  color: var(--ink);
  white-space: nowrap;
  border-radius: 99px;
}
.sections {
  padding-top: 8px;
}
[role='tabpanel'] {
  display: grid;
  gap: 12px;
  padding-top: 14px;
}
[role='tabpanel'] > * {
  min-width: 0;
}
#journal-scroll {
  max-height: 560px;
  border: 1px solid var(--line);
  border-radius: var(--radius-small);
}
#journal th {
  position: sticky;
  top: 0;
  background: var(--card);
  box-shadow: inset 0 -1px var(--line);
}
#journal th,
#journal td {
  padding: 6px 10px;
}
#journal tbody tr {
  cursor: pointer;
}
#journal tbody tr:hover {
  background: var(--tint);
}
#journal .index button {
  min-height: 28px;
  padding: 0 8px;
  font: 0.8125rem var(--mono);
  color: var(--accent);
  background: transparent;
}
.empty pre {
  margin-top: 12px;
  text-align: left;
  white-space: pre-wrap;
  overflow-wrap: anywhere;
}
.cards {
  display: grid;
  grid-template-columns: repeat(auto-fill, minmax(330px, 1fr));
  gap: 12px;
  list-style: none;
}
.cards li {
  display: flex;
  flex-direction: column;
  gap: 8px;
  min-width: 0;
  padding: 14px;
  border: 1px solid var(--line);
  border-radius: var(--radius-small);
}
.cards .head {
  display: flex;
  gap: 8px;
  align-items: flex-start;
  justify-content: space-between;
}
.cards .head code {
  font-weight: 650;
  overflow-wrap: anywhere;
}
.cards p {
  font-size: 0.875rem;
  overflow-wrap: anywhere;
}
.cards .what {
  flex: 1;
}
.cards .traits {
  display: flex;
  flex-wrap: wrap;
  gap: 2px 14px;
  font-size: 0.8125rem;
  color: var(--soft);
}
.cards .traits b {
  font-family: var(--mono);
  font-weight: 500;
  color: var(--ink);
}
.cards .result {
  font-size: 0.875rem;
  color: var(--accent);
}
.cards .result:empty {
  display: none;
}
.halves {
  display: grid;
  grid-template-columns: repeat(2, minmax(0, 1fr));
  gap: 24px;
}
.halves section {
  display: grid;
  gap: 10px;
  align-content: start;
}
.halves .card-head {
  margin: 0;
}
.entries {
  display: grid;
  list-style: none;
}
.entries li {
  display: flex;
  flex-wrap: wrap;
  gap: 4px 12px;
  align-items: center;
  padding: 6px 0;
  font-size: 0.875rem;
  border-bottom: 1px solid var(--line);
}
.entries li > :first-child {
  flex: 1 1 auto;
  overflow-wrap: anywhere;
}
#verdict ul {
  padding-left: 20px;
  margin-top: 8px;
}
.call {
  width: min(720px, calc(100vw - 32px));
  max-width: none;
}
.call .facts {
  margin: 12px 0;
}
.call pre {
  white-space: pre-wrap;
  overflow-wrap: anywhere;
}
.call .card-head {
  margin: 0;
}
footer {
  display: flex;
  flex-wrap: wrap;
  gap: 6px 20px;
  max-width: 1240px;
  padding: 4px 16px 32px;
  margin: 0 auto;
  font-size: 0.875rem;
  color: var(--soft);
}
@media (max-width: 900px) {
  .tiles {
    grid-template-columns: repeat(3, minmax(0, 1fr));
  }
  .halves {
    grid-template-columns: minmax(0, 1fr);
  }
}
@media (max-width: 560px) {
  h1 {
    font-size: 1rem;
  }
  .bar {
    flex-wrap: wrap;
    padding: 8px 12px;
  }
  .brand p {
    display: none;
  }
  main {
    gap: 12px;
    padding: 12px;
  }
  .tiles {
    grid-template-columns: repeat(2, minmax(0, 1fr));
  }
  .cards {
    grid-template-columns: minmax(0, 1fr);
  }
  .row .field,
  .row .field.wide {
    flex: 1 1 130px;
    width: auto;
  }
  #journal-scroll {
    max-height: none;
  }
  #journal,
  #journal tbody,
  #journal tr,
  #journal td {
    display: block;
  }
  #journal thead {
    display: none;
  }
  #journal tbody tr {
    display: grid;
    grid-template-columns: auto 1fr auto;
    gap: 2px 10px;
    align-items: baseline;
    padding: 10px 12px;
    border-bottom: 1px solid var(--line);
  }
  #journal td {
    padding: 0;
    white-space: normal;
    border: 0;
  }
  #journal td.time {
    color: var(--soft);
  }
  #journal td.billed {
    justify-self: end;
    grid-column: 3;
    grid-row: 1;
  }
  #journal td.person {
    grid-column: 1 / -1;
  }
  #journal td.scenario,
  #journal td.decidedBy {
    grid-column: 1 / 3;
  }
  #journal td.reply,
  #journal td.latency {
    text-align: right;
  }
  #journal td.decidedBy {
    color: var(--soft);
  }
}
`,
  'page.js': `import { byId, setText } from './kit/dom.js';
import { languageSwitch } from './kit/language.js';
import { poll } from './kit/live.js';
import { readHash, writeHash } from './kit/memory.js';
import { notice } from './kit/notice.js';
import { startTabs } from './kit/tabs.js';
import { afterActions } from './actions.js';
import { forgetCalls, loadCalls, startJournal } from './journal.js';
import { language, text } from './language.js';
import { drawNamespace, drawNamespaces, startNamespaces } from './namespaces.js';
import { drawQueue, prepareQueue, startQueue } from './queue.js';
import { drawRules, startRules } from './rules.js';
import { startScenarios } from './scenarios.js';
import { call, openByCode, openId, openNamespace, refusalCode } from './session.js';
import { drawSimulation, startSimulation } from './simulation.js';
import { drawTroubles } from './troubles.js';
import { startVerify } from './verify.js';

const POLL_MS = 1_000;
/** The other namespaces are listed at every n-th poll only. */
const LIST_EVERY = 3;

/** Whether the reader has chosen the namespace, which then stays open. */
let isChosen = false;
/** The hash that the address asks for. @type {string | undefined} */
let wanted = readHash()['ns'];
/** Never change while a mock runs. @type {readonly import('./types.js').Scenario[] | undefined} */
let scenarios;
let polls = 0;
let isListed = false;
/** @type {import('./types.js').View | undefined} */
let view;
/** @type {import('./types.js').NamespaceList} */
let list = { namespaces: [], total: 0, applicationUrl: null };

const gone = notice('gone');
const refusal = notice('refusal');
/** Says that the namespace in the address is lost, until the reader chooses another one. */
const lost = notice('lost');
byId('notices').append(gone.element, refusal.element, lost.element);
byId('tools').append(languageSwitch(language));

/**
 * Opens a namespace and shows it in the address.
 *
 * @param {string} id
 */
function open(id) {
  openNamespace(id);
  writeHash({ ns: id });
  forgetCalls();
  view = undefined;
}

/** Opens a namespace because the reader wants it. @param {string} id */
function choose(id) {
  isChosen = true;
  lost.hide();
  open(id);
  void live.refresh();
}

/**
 * Finds out which namespace to show: the one in the address, or the busiest. As long as the reader has chosen none, an
 * idle one gives way to one that is called.
 */
async function findNamespace() {
  list = await call('GET', 'namespaces?limit=50', undefined, {});
  isListed = true;
  const [busiest] = list.namespaces;
  if (wanted !== undefined) {
    const id = wanted;
    wanted = undefined;
    isChosen = true;
    open(id);
    return;
  }
  const isIdle = view === undefined || view.namespace.cost.calls === 0;
  if (openId() === undefined && busiest === undefined) {
    await openByCode('demo');
    forgetCalls();
  } else if (
    !isChosen &&
    busiest !== undefined &&
    busiest.id !== openId() &&
    (openId() === undefined || (isIdle && busiest.calls > 0))
  ) {
    open(busiest.id);
  }
}

async function load() {
  const before = openId();
  scenarios ??= (await call('GET', 'scenarios', undefined, {})).scenarios;
  if (openId() === undefined || wanted !== undefined || polls++ % LIST_EVERY === 0) await findNamespace();
  try {
    const [namespace, { queue }, { rules }, showCalls] = await Promise.all([
      call('GET', 'namespace'),
      view?.namespace.queueLength === 0 && before === openId() && !isChanged ? { queue: [] } : call('GET', 'queue'),
      view?.namespace.rules === 0 && before === openId() && !isChanged ? { rules: [] } : call('GET', 'rules'),
      loadCalls(),
    ]);
    return { of: openId(), fresh: { namespace, queue, rules }, showCalls };
  } finally {
    isChanged = false;
  }
}

let hasBegun = false;

/** Whether an action may have changed the queue or the rules since the last poll. */
let isChanged = false;

/** @param {Awaited<ReturnType<typeof load>>} loaded */
function show({ of, fresh, showCalls }) {
  // Another namespace was opened while this one was loading.
  if (of !== openId()) return;
  view = fresh;
  gone.hide();
  refusal.hide();
  begin();
  showCalls();
  draw();
  if (isListed) drawNamespaces(list);
  byId('application').hidden = list.applicationUrl === null;
  if (list.applicationUrl !== null) byId('application').href = list.applicationUrl;
  // Signals to tests and browser automation that the page is ready.
  document.documentElement.dataset['ready'] = 'true';
}

function draw() {
  if (view === undefined || !hasBegun) return;
  drawNamespace(view.namespace);
  drawTroubles(view);
  drawQueue(view.queue);
  drawRules(view.rules);
  drawSimulation(view.namespace);
}

/** @param {Error} error */
function refused(error) {
  const code = refusalCode(error);
  if (code === 'no_such_namespace') {
    lost.show(text('noSuchNamespace'));
    isChosen = false;
    openNamespace(undefined);
    writeHash({ ns: undefined });
    forgetCalls();
    view = undefined;
    return;
  }
  if (code === 'admin_token_missing') {
    byId('open-by-code').open = true;
    byId('token-field').hidden = false;
  }
  refusal.show(error.message);
}

/** @param {import('./kit/live.js').LiveState} state */
function showState(state) {
  byId('status').className = \`badge \${state === 'ok' ? 'good' : state === 'gone' ? 'bad' : 'neutral'}\`;
  setText(byId('status'), text(\`state_\${state}\`));
  document.documentElement.dataset['state'] = state;
  if (state === 'gone') gone.show(text('gone'));
  else gone.hide();
}

const live = poll({ load, everyMs: POLL_MS, onValue: show, onState: showState, onError: refused });

// Read first, because starting the tabs opens one and says so in the address.
const tab = readHash()['tab'];
const openTab = startTabs(byId('tabs'), (panel) =>
  writeHash({ tab: panel === 'calls' ? undefined : panel.replace('-panel', '') }),
);
if (tab !== undefined && document.getElementById(\`\${tab}-panel\`) !== null) openTab(\`\${tab}-panel\`);

afterActions(() => {
  isChanged = true;
  return live.refresh();
});
startNamespaces(choose);
addEventListener('hashchange', () => {
  const { ns } = readHash();
  if (ns === undefined || ns === openId()) return;
  wanted = ns;
  void live.refresh();
});

/** Starts the panels once the scenarios are known, which they offer. Needs the admin token, if the mock has one. */
function begin() {
  if (hasBegun) return;
  hasBegun = true;
  startScenarios(scenarios ?? [], (scenario) => {
    openTab('queue-panel');
    prepareQueue(scenario);
  });
  startJournal();
  startQueue();
  startRules();
  startSimulation();
  startVerify();
}

language.onChange(() => {
  document.title = \`identity-verify-mock – \${text('tagline')}\`;
  showState(live.state());
  draw();
  drawNamespaces(list);
});
await live.refresh();
`,
  'queue.js': `import { byId, keepList, make, setText } from './kit/dom.js';
import { duration } from './kit/format.js';
import { act, start } from './actions.js';
import { given, numberOf, scenarioChoices, setValue, startForm, statusChoices, valueOf, withFields } from './forms.js';
import { language, text } from './language.js';
import { call } from './session.js';

/** @typedef {import('./types.js').QueueEntry} QueueEntry */

/** Number of groups of equal entries that are shown. */
const SHOWN = 50;

/** @type {() => void} */
let drawForm = () => {};

/** Starts the form of the queue. */
export function startQueue() {
  drawForm = startForm(
    'enqueue',
    () => [
      { name: 'scenario', label: 'scenario', choices: scenarioChoices, className: 'field wide' },
      { name: 'times', label: 'times', kind: 'whole', start: '1' },
      { name: 'latencyMs', label: 'latencyMs', kind: 'whole' },
      { name: 'httpStatus', label: 'httpStatus', choices: () => statusChoices(valueOf('enqueue', 'scenario')) },
    ],
    () => [make('button.primary', { type: 'submit' }, text('enqueue'))],
    () => start(withFields(enqueue)),
  );
  byId('enqueue').addEventListener('change', (/** @type {Event} */ { target }) => {
    if (/** @type {HTMLElement} */ (target).id !== 'enqueue-scenario') return;
    drawForm();
    byId('enqueue-scenario').focus();
  });
  byId('clear-queue').addEventListener('click', () => start(act(() => call('DELETE', 'queue'))));
}

/**
 * Chooses a scenario in the form.
 *
 * @param {string} scenario
 */
export function prepareQueue(scenario) {
  setValue('enqueue', 'scenario', scenario);
  drawForm();
  byId('enqueue-times').focus();
}

async function enqueue() {
  const scenario = valueOf('enqueue', 'scenario');
  const status = valueOf('enqueue', 'httpStatus');
  const entry = given({
    scenario,
    times: numberOf('enqueue', 'times'),
    latencyMs: numberOf('enqueue', 'latencyMs'),
    httpStatus: status === '' ? undefined : Number(status),
  });
  await act(() => call('POST', 'queue', { scenarios: [entry] }), text('enqueued', { scenario }));
}

/** Equal entries that follow each other. @typedef {{ first: QueueEntry, last: QueueEntry, times: number }} Group */

/** @param {readonly QueueEntry[]} queue */
export function drawQueue(queue) {
  /** @type {Group[]} */
  const groups = [];
  for (const entry of queue) {
    const group = groups.at(-1);
    if (group !== undefined && isAlike(group.first, entry)) {
      group.last = entry;
      group.times++;
    } else groups.push({ first: entry, last: entry, times: 1 });
  }
  const shown = groups.slice(0, SHOWN);
  keepList(byId('queue'), shown, {
    // The first entry of a group is taken first, so the group is known by its last.
    key: ({ last }) => last.id,
    state: ({ times }) => \`\${times} \${language.current()}\`,
    draw: item,
  });
  const rest = groups.length - shown.length;
  byId('queue-empty').hidden = queue.length > 0 && rest === 0;
  setText(byId('queue-empty'), queue.length === 0 ? text('queueEmpty') : text('queueMore', { n: rest }));
  byId('clear-queue').disabled = queue.length === 0;
}

/** @param {QueueEntry} one @param {QueueEntry} other */
const isAlike = (one, other) =>
  one.scenario === other.scenario && one.latencyMs === other.latencyMs && one.httpStatus === other.httpStatus;

/** @param {Group} group */
function item({ first, last, times }) {
  return make(
    'li',
    {},
    make('span', {}, make('code', {}, first.scenario), times > 1 && \` × \${times}\`),
    ...settings(first),
    make(
      'button.small.quiet',
      {
        type: 'button',
        'aria-label': text('removeOne', { scenario: first.scenario }),
        onclick: () => start(act(() => call('DELETE', \`queue?entry=\${last.id}\`))),
      },
      text('remove'),
    ),
  );
}

/**
 * The settings of an entry of the queue or a rule.
 *
 * @param {{ latencyMs: number | null, httpStatus: number | null }} entry
 */
export const settings = ({ latencyMs, httpStatus }) => [
  latencyMs !== null && make('span.hint', {}, text('afterDelay', { time: duration(latencyMs, language.locale()) })),
  httpStatus !== null && make('span.hint', {}, text('asStatus', { status: httpStatus })),
];
`,
  'rules.js': `import { byId, keepList, make } from './kit/dom.js';
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
    state: ({ hits }) => \`\${hits} \${language.current()}\`,
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
            onclick: () => start(act(() => call('DELETE', \`rules?rule=\${rule.id}\`))),
          },
          text('remove'),
        ),
      ),
  });
  byId('rules-empty').hidden = rules.length > 0;
  byId('clear-rules').disabled = rules.length === 0;
}
`,
  'scenarios.js': `import { copyButton } from './kit/copy.js';
import { byId, fill, make } from './kit/dom.js';
import { duration } from './kit/format.js';
import { billedBadge } from './kit/parts.js';
import { act, start } from './actions.js';
import { descriptionOf, language, text, valueText } from './language.js';
import { call, knownCode } from './session.js';
import { curlOf } from './snippets.js';

/** @typedef {import('./types.js').Scenario} Scenario */

const KINDS = /** @type {const} */ (['all', 'reply', 'gateway', 'fault']);

/** @type {readonly Scenario[]} */
let scenarios = [];
/** @type {typeof KINDS[number]} */
let kind = 'all';
/** What became of the last call from a card, by scenario. @type {Map<string, import('./types.js').SentCall>} */
const sent = new Map();
/** @type {(scenario: string) => void} */
let onEnqueueWith = () => {};

/** All scenarios. */
export const allScenarios = () => scenarios;

/** @param {string | null} id @returns {Scenario | undefined} */
export const scenarioOf = (id) => scenarios.find((scenario) => scenario.id === id);

/**
 * Shows the catalogue.
 *
 * @param {readonly Scenario[]} list
 * @param {(scenario: string) => void} enqueueWith called to queue a scenario with settings
 */
export function startScenarios(list, enqueueWith) {
  scenarios = list;
  onEnqueueWith = enqueueWith;
  byId('search').addEventListener('input', draw);
  language.onChange(draw);
}

function draw() {
  const wanted = byId('search').value.trim().toLowerCase();
  const found = scenarios.filter((each) => (kind === 'all' || each.kind === kind) && searchText(each).includes(wanted));
  fill(byId('scenarios'), ...found.map(card));
  byId('scenarios-empty').hidden = found.length > 0;
  const buttons = KINDS.map((name) => {
    const count = name === 'all' ? scenarios.length : scenarios.filter((each) => each.kind === name).length;
    const choose = () => {
      kind = name;
      draw();
      byId(\`kind-\${name}\`).focus();
    };
    return make(
      \`button.small#kind-\${name}\`,
      { type: 'button', 'aria-pressed': String(kind === name), onclick: choose },
      \`\${text(\`kind_\${name}\`)} \${count}\`,
    );
  });
  fill(byId('kinds'), ...buttons);
}

/**
 * What a search looks through: names and sentences of both languages, whatever the current one is.
 *
 * @param {Scenario} scenario
 */
export function searchText({ id, aliases, description, descriptionZh, mobile, code, gatewayCode, message, billed }) {
  return [
    id,
    ...aliases,
    description,
    descriptionZh,
    mobile,
    code,
    gatewayCode,
    message,
    ...language.both(\`billed_\${billed}\`),
  ]
    .join(' ')
    .toLowerCase();
}

/** @param {Scenario} scenario */
function card(scenario) {
  const { id, billed, httpStatus, code, gatewayCode, mobile } = scenario;
  const traits = make('div.traits');
  /** @param {string} label @param {string | number | null} value */
  const trait = (label, value) => value !== null && traits.append(make('span', {}, \`\${label} \`, make('b', {}, value)));
  trait(text('http'), httpStatus);
  trait(text('code'), code ?? gatewayCode);
  trait(text('mobile'), mobile);

  const result = make('div.result', { role: 'status' }, resultText(id));
  const send = make('button.small', { type: 'button', onclick: () => start(sendFrom(id, send, result)) }, text('send'));
  const enqueue = () =>
    start(act(() => call('POST', 'queue', { scenarios: [id] }), text('enqueued', { scenario: id })));
  return make(
    'li',
    { 'data-scenario': id },
    make('div.head', {}, make('code', {}, id), billedBadge(billed, text(\`billed_\${billed}\`))),
    make('p.what', {}, descriptionOf(scenario)),
    traits,
    result,
    make(
      'div.choices',
      {},
      send,
      make('button.small', { type: 'button', onclick: enqueue }, text('enqueue')),
      make('button.small.quiet', { type: 'button', onclick: () => onEnqueueWith(id) }, text('enqueueWith')),
      copyButton({
        label: text('copyCurl'),
        done: text('copied'),
        failed: text('copyFailed'),
        value: () => curlOf(scenario, knownCode()),
      }),
    ),
  );
}

/** @param {string} id @param {HTMLButtonElement} button @param {HTMLElement} result */
async function sendFrom(id, button, result) {
  button.disabled = true;
  button.setAttribute('aria-busy', 'true');
  result.textContent = text('sending');
  await act(async () => sent.set(id, await call('POST', 'calls', { scenario: id })));
  result.textContent = resultText(id);
  button.removeAttribute('aria-busy');
  button.disabled = false;
  button.focus();
}

/** @param {string} id */
function resultText(id) {
  const made = sent.get(id);
  if (made === undefined) return '';
  const { httpStatus, decidedBy, failure, elapsedMs } = made;
  const time = duration(elapsedMs, language.locale());
  const status = \`HTTP \${httpStatus}\`;
  if (failure === 'timeout') return text(httpStatus === null ? 'sent_timeout' : 'sent_timeoutAfter', { status, time });
  if (failure === 'connection') return text(httpStatus === null ? 'sent_broken' : 'sent_brokenAfter', { status, time });
  if (decidedBy === null) return text('sent_replyStrict', { status, time });
  return text('sent_reply', { status, time, stage: valueText('stage', decidedBy) });
}
`,
  'session.js': `import { RefusedError, requestJson } from './kit/api.js';

/**
 * The open namespace and how to reach it. An AppCode that was typed is kept here only, for the lines to copy; requests
 * name the namespace by its hash.
 */
const session = {
  /** @type {string | undefined} */
  id: undefined,
  /** AppCodes that were typed, by the hash of their namespace. @type {Map<string, string>} */
  codes: new Map(),
  token: '',
};

/** The hash of the open namespace. */
export const openId = () => session.id;

/** The AppCode of the open namespace, if it was typed on this page. */
export const knownCode = () => (session.id === undefined ? undefined : session.codes.get(session.id));

/** @param {string | undefined} id */
export function openNamespace(id) {
  session.id = id;
}

/** @param {string} token */
export function useToken(token) {
  session.token = token;
}

/**
 * Opens the namespace of an AppCode, and creates it if nobody has called with it yet.
 *
 * @param {string} code
 */
export async function openByCode(code) {
  const { id } = await call('GET', 'namespace', undefined, { authorization: \`APPCODE \${code}\` });
  session.codes.set(id, code);
  session.id = id;
}

/**
 * Calls the admin API in the open namespace.
 *
 * @param {string} method
 * @param {string} path the path after \`/__admin/\`
 * @param {unknown} [body]
 * @param {Record<string, string>} [headers] default: the open namespace
 * @returns {Promise<any>}
 * @throws {RefusedError}
 */
export function call(method, path, body, headers = session.id === undefined ? {} : { 'x-mock-namespace': session.id }) {
  return requestJson(\`/__admin/\${path}\`, {
    method,
    headers: { ...headers, ...(session.token !== '' && { 'x-mock-admin-token': session.token }) },
    ...(body !== undefined && { body }),
  });
}

/**
 * The stable code of a refusal, such as \`no_such_namespace\`.
 *
 * @param {unknown} error
 * @returns {string | undefined}
 */
export const refusalCode = (error) => (error instanceof RefusedError ? error.body?.error?.code : undefined);
`,
  'simulation.js': `import { byId, fill, make, setText } from './kit/dom.js';
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
      ...latencyFields().map((name) => ({ name, label: \`latency_\${name}\`, kind: /** @type {const} */ ('decimal') })),
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
    clock.offsetMs === 0 ? '' : \` (\${text('clockAhead', { time: duration(clock.offsetMs, language.locale()) })})\`;
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
`,
  'snippets.js': `/**
 * The curl line of a scenario with the AppCode of the open namespace. The admin API gives it with the AppCode \`demo\`.
 *
 * @param {{ curl: string }} scenario
 * @param {string | undefined} appCode without it, the shell takes the AppCode from its environment
 */
export function curlOf({ curl }, appCode) {
  const demo = "'Authorization: APPCODE demo'";
  // A function as the replacement, because a text may contain patterns such as $&.
  return curl.replace(demo, () =>
    appCode === undefined
      ? '"Authorization: APPCODE $IDENTITY_VERIFY_APP_CODE"'
      : \`'Authorization: APPCODE \${appCode.replaceAll("'", String.raw\`'\\''\`)}'\`,
  );
}

/**
 * A test that lets the next call get what this call got, and verifies that it was asked once.
 *
 * @param {{ scenario: string, latencyMs: number, httpStatus: number | null, isGateway: boolean, ask: string }} of
 */
export function testOf({ scenario, latencyMs, httpStatus, isGateway, ask }) {
  const settings = [
    \`scenario: '\${scenario}'\`,
    ...(latencyMs > 0 ? [\`latencyMs: \${latencyMs}\`] : []),
    ...(isGateway && httpStatus !== null ? [\`httpStatus: \${httpStatus}\`] : []),
  ];
  return \`import { startMockServer } from '@identity-verify/mock-server';

const mock = await startMockServer({ port: 0 });
const ns = mock.namespace('app-code-of-this-test');

ns.enqueue({ \${settings.join(', ')} });
// \${ask}
await ns.verify({ match: { scenario: '\${scenario}' }, times: 1 });

await mock.close();
\`;
}
`,
  'texts.js': `/** All texts of the page. The descriptions of scenarios come with the scenarios. */
export const TEXTS = {
  en: {
    skip: 'Skip to the calls',
    tagline: 'Stand-in upstream for three-element identity verification',
    language: 'Language',
    toApplication: 'To the application',
    state_waiting: 'connecting',
    state_ok: 'running',
    state_gone: 'not answering',
    gone: 'The mock does not answer. What you see is the last known state. This page tries again by itself.',
    noSuchNamespace:
      'This namespace does not exist any more: the mock was restarted, or dropped it. The busiest one is shown.',

    namespaces: 'Namespaces',
    namespacesHint: 'One for each credential that calls. Only its hash is shown.',
    namespaceButton: '{n} calls, {ago}',
    namespaceOne: '1 call, {ago}',
    namespaceQuiet: 'no call',
    ago: '{time} ago',
    now: 'now',
    openByCode: 'Open one by its AppCode',
    appCode: 'AppCode',
    appCodeHint: 'Stays in this page: neither stored nor put into the address.',
    adminToken: 'Admin token',
    open: 'Open',
    copyLink: 'Copy link',

    calls: 'Calls',
    billedCalls: 'Paid',
    unknownCalls: 'Maybe paid',
    spent: 'Cost',
    spentAtMost: 'Cost at most',
    left: 'Calls left',
    unlimited: 'unlimited',

    troubles: 'On now',
    troublesNone: 'No trouble is on: each call gets what its mobile asks for.',
    troubleOff: 'Turn off',
    troublesOff: 'Turn all off',
    trouble_queue: 'Queue: {n} left, next {scenario}',
    trouble_rules: 'Rules: {n}',
    trouble_latency: 'Latency: {value}',
    trouble_throttle: 'Limits: {value}',
    trouble_quota: 'Quota: {value}',
    trouble_clock: 'Clock is {value} ahead',
    comma: ', ',
    perSecond: 'calls per second: {n}',
    perQuestion: 'the same question in {time}: {n}',
    latency_fixed_value: '{ms}',
    latency_uniform_value: '{min} to {max}',
    latency_lognormal_value: 'about {median}, log-normal',
    quota_calls_value: 'calls left: {n}',
    quota_balance_value: 'balance: {money}',
    quota_expiry_value: 'expires: {time}',
    quota_expired_value: 'expired {time}',

    tab_calls: 'Calls',
    tab_scenarios: 'Scenarios',
    tab_queue: 'Queue and rules',
    tab_simulation: 'Limits and time',
    tab_verify: 'Verify',
    sections: 'Sections',

    journal: 'Calls',
    journalHint: 'The newest first, live, from every client. People are masked before they are kept.',
    journalEmpty: 'No call yet. Send a scenario, or run this:',
    journalNoMatch: 'No call matches the filter.',
    filter: 'Filter',
    filterHint: 'scenario, code, person, id …',
    allStages: 'Any decision',
    allBilled: 'Paid or not',
    pause: 'Pause',
    resume: 'Go on ({n} new)',
    exportCalls: 'Export',
    clearJournal: 'Clear calls',
    clearJournalTitle: 'Clear the calls of #{id}?',
    clearJournalText: 'Removes {n} calls and their cost. Queue, rules and limits stay.',
    showMore: 'Show {n} more',
    shown: '{n} of {total} calls shown',
    evicted: '{n} older ones are no longer kept',

    index: '#',
    time: 'Time',
    person: 'Person',
    scenario: 'Scenario',
    reply: 'Reply',
    decidedBy: 'Decided by',
    billed: 'Paid',
    latency: 'Delay',
    showCall: 'Call {n} in detail',

    stage_route: 'route',
    stage_authentication: 'credential',
    stage_quota: 'quota',
    stage_throttle: 'rate limit',
    stage_parse: 'form',
    stage_queue: 'queue',
    stage_rule: 'rule',
    stage_header: 'header',
    stage_mobile: 'test mobile',
    stage_population: 'population',
    stage_default: 'default',
    stage_refused: 'refused by the mock',
    stage_trap: 'followed a redirect',
    channel: 'Credential',
    channel_appcode: 'AppCode',
    channel_signature: 'signature',
    channel_key: 'key in the form',
    billed_yes: 'paid',
    billed_no: 'free',
    billed_unknown: 'maybe paid',

    callTitle: 'Call {n}',
    close: 'Close',
    requestId: 'Request id',
    seqNo: 'seqNo',
    request: 'Request',
    noPerson: 'The request could not be read, or persons are not kept.',
    timing: 'Timing',
    timingValue: '{at}, delayed by {delay}',
    noDelay: '{at}, without delay',
    replySent: 'Reply',
    noReply: 'none: the connection broke or stayed silent',
    copyCurl: 'Copy as curl',
    copyTest: 'Copy as test',
    copied: 'Copied',
    copyFailed: 'The browser does not allow copying here',
    copy: 'Copy',
    testAsk: 'Here your code asks mock.url with the AppCode app-code-of-this-test.',
    curlCodeHint: 'The curl line takes the AppCode from $IDENTITY_VERIFY_APP_CODE, because this page does not know it.',

    scenarios: 'Scenarios',
    scenariosHint: 'Everything the upstream can do. Send one from here, or let the next call of your own get it.',
    search: 'Search',
    searchHint: 'name, code, mobile, 中文 …',
    kind_all: 'All',
    kind_reply: 'Vendor',
    kind_gateway: 'Gateway',
    kind_fault: 'Wire faults',
    nothingFound: 'No scenario is called like that.',
    http: 'HTTP',
    code: 'Code',
    mobile: 'Mobile',
    send: 'Send',
    sending: 'Sending…',
    enqueue: 'Queue',
    enqueueWith: 'Queue with …',
    enqueued: 'Queued: {scenario}',
    sent_reply: '{status} after {time}, decided by {stage}',
    sent_replyStrict: '{status} after {time}',
    sent_broken: 'The connection broke after {time}',
    sent_brokenAfter: '{status}, then the connection broke after {time}',
    sent_timeout: 'No reply within {time}',
    sent_timeoutAfter: '{status}, but the reply did not end within {time}',

    queue: 'Queue',
    queueHint: 'Each entry answers one call, in order, before rules and mobiles.',
    queueEmpty: 'Empty: each call gets what its mobile asks for.',
    queueMore: 'and {n} more',
    clearQueue: 'Clear queue',
    times: 'Times',
    latencyMs: 'Delay, ms',
    httpStatus: 'HTTP status',
    statusOfScenario: 'as documented',
    remove: 'Remove',
    removeOne: 'Remove one {scenario}',
    afterDelay: 'after {time}',
    asStatus: 'as HTTP {status}',

    rules: 'Rules',
    rulesHint: 'For every call with exactly these fields. The newest that fits wins. Shown masked.',
    rulesEmpty: 'No rule.',
    clearRules: 'Remove all rules',
    addRule: 'Add rule',
    ruleAdded: 'Rule added',
    name: 'Name',
    idCard: 'ID number',
    hits: '{n} hits',
    ruleNeedsField: 'Give at least one of name, ID number, mobile.',

    latencyTitle: 'Latency',
    latencyHint: 'Delay of every reply, the same in every run with the same seed.',
    latencyKind: 'Distribution',
    latency_none: 'none',
    latency_fixed: 'fixed',
    latency_uniform: 'uniform',
    latency_lognormal: 'log-normal',
    latency_ms: 'Delay, ms',
    latency_minMs: 'From, ms',
    latency_maxMs: 'To, ms',
    latency_medianMs: 'Median, ms',
    latency_sigma: 'Sigma',
    throttleTitle: 'Limits',
    throttleHint: 'Empty is unlimited.',
    callsPerSecond: 'Calls per second',
    scope: 'Named scope',
    scope_user: 'user',
    scope_app: 'application',
    scope_api: 'API',
    scope_group: 'group',
    scope_domain: 'domain',
    refusalStatus: 'HTTP status of the refusal',
    sameLimit: 'Repetitions of one question',
    sameWindow: 'Window, hours',
    quotaTitle: 'Quota',
    quotaHint: 'Empty is unlimited. Used up, the vendor answers 10009 or 10010, or the gateway 403.',
    callsLeft: 'Calls left',
    balance: 'Balance, CNY',
    expiresIn: 'Expires in, hours',
    answeredBy: 'Answered by',
    answeredBy_vendor: 'vendor',
    answeredBy_gateway: 'gateway',
    unknownIsCharged: 'Calls that may be paid for count',
    clockTitle: 'Clock',
    clockHint: 'Quota, limits and signatures follow it. It can only be put forward.',
    clockAhead: '{time} ahead',
    notANumber: 'Not a number that fits here.',
    yes: 'yes',
    no: 'no',
    set: 'Set',
    setDone: 'Set',
    unset: 'Turn off',
    advance: 'Forward {time}',

    verify: 'Verify',
    verifyHint: 'Compares the calls with what a test expects. Persons are compared by fingerprint.',
    anyScenario: 'any scenario',
    howOften: 'How often',
    times_atLeast: 'at least',
    times_exactly: 'exactly',
    times_atMost: 'at most',
    waitSeconds: 'Wait, seconds',
    check: 'Check',
    verdict_ok: 'As expected. Matching calls: {n}.',
    verdict_bad: 'Not as expected. Matching calls: {n}.',
    nearest: 'Nearest calls',
    differs: 'Call {n}: {field} is {actual}, expected {expected}',

    resetTitle: 'Clear all of #{id}?',
    resetText: 'Calls, cost, queue, rules, quota, limits, latency and clock of this namespace go back to the start.',
    reset: 'Clear all',
    resetEvery: 'Clear every namespace',
    resetEveryTitle: 'Clear all {n} namespaces?',
    resetEveryText: 'Also those of other people and tests that use this mock at the moment.',
    resetDone: 'Cleared',
    cancel: 'Cancel',
    metrics: 'Metrics',
    synthetic: 'Synthetic people only. Never point production here.',
  },
  zh: {
    skip: '跳到调用记录',
    tagline: '三要素核验的模拟上游',
    language: '语言',
    toApplication: '前往应用',
    state_waiting: '连接中',
    state_ok: '运行中',
    state_gone: '无响应',
    gone: '模拟服务没有响应，页面显示的是最后一次的状态，并会自动重试。',
    noSuchNamespace: '该命名空间已不存在：模拟服务重启过，或已将其清退。现显示最繁忙的一个。',

    namespaces: '命名空间',
    namespacesHint: '每个发起调用的凭证对应一个，这里只显示其哈希。',
    namespaceButton: '{n} 次调用，{ago}',
    namespaceOne: '1 次调用，{ago}',
    namespaceQuiet: '尚无调用',
    ago: '{time}前',
    now: '刚刚',
    openByCode: '用 AppCode 打开',
    appCode: 'AppCode',
    appCodeHint: '仅保留在本页面内，不存储，也不写入网址。',
    adminToken: '管理令牌',
    open: '打开',
    copyLink: '复制链接',

    calls: '调用次数',
    billedCalls: '已计费',
    unknownCalls: '可能计费',
    spent: '费用',
    spentAtMost: '最高费用',
    left: '剩余次数',
    unlimited: '不限',

    troubles: '当前故障',
    troublesNone: '没有开启故障：每次调用按手机号应答。',
    troubleOff: '关闭',
    troublesOff: '全部关闭',
    trouble_queue: '队列：{n} 次，下一个 {scenario}',
    trouble_rules: '规则：{n} 条',
    trouble_latency: '延迟：{value}',
    trouble_throttle: '限流：{value}',
    trouble_quota: '额度：{value}',
    trouble_clock: '时钟快了 {value}',
    comma: '，',
    perSecond: '每秒 {n} 次',
    perQuestion: '同一参数 {time}内 {n} 次',
    latency_fixed_value: '{ms}',
    latency_uniform_value: '{min} 至 {max}',
    latency_lognormal_value: '约 {median}，对数正态',
    quota_calls_value: '剩余 {n} 次',
    quota_balance_value: '余额 {money}',
    quota_expiry_value: '有效期至 {time}',
    quota_expired_value: '已于 {time} 过期',

    tab_calls: '调用记录',
    tab_scenarios: '场景',
    tab_queue: '队列与规则',
    tab_simulation: '限制与时间',
    tab_verify: '断言',
    sections: '分区',

    journal: '调用记录',
    journalHint: '最新的在前，实时显示所有客户端的调用。个人信息在保存之前已脱敏。',
    journalEmpty: '还没有调用。可以发送一个场景，或运行：',
    journalNoMatch: '没有符合筛选条件的调用。',
    filter: '筛选',
    filterHint: '场景、代码、人员、编号…',
    allStages: '不限决定者',
    allBilled: '不限计费',
    pause: '暂停',
    resume: '继续（{n} 条新记录）',
    exportCalls: '导出',
    clearJournal: '清空记录',
    clearJournalTitle: '清空 #{id} 的调用记录？',
    clearJournalText: '将删除 {n} 条调用及其费用。队列、规则和限制保持不变。',
    showMore: '再显示 {n} 条',
    shown: '显示 {n} / {total} 条',
    evicted: '更早的 {n} 条已不再保留',

    index: '#',
    time: '时间',
    person: '人员',
    scenario: '场景',
    reply: '应答',
    decidedBy: '决定者',
    billed: '计费',
    latency: '延迟',
    showCall: '查看第 {n} 次调用',

    stage_route: '路由',
    stage_authentication: '凭证',
    stage_quota: '额度',
    stage_throttle: '限流',
    stage_parse: '表单',
    stage_queue: '队列',
    stage_rule: '规则',
    stage_header: '请求头',
    stage_mobile: '测试手机号',
    stage_population: '测试人群',
    stage_default: '默认',
    stage_refused: '模拟服务拒绝',
    stage_trap: '跟随了重定向',
    channel: '凭证方式',
    channel_appcode: 'AppCode',
    channel_signature: '签名',
    channel_key: '表单中的 key',
    billed_yes: '计费',
    billed_no: '不计费',
    billed_unknown: '可能计费',

    callTitle: '第 {n} 次调用',
    close: '关闭',
    requestId: '请求编号',
    seqNo: 'seqNo',
    request: '请求',
    noPerson: '请求无法解析，或未保留个人信息。',
    timing: '时间',
    timingValue: '{at}，延迟 {delay}',
    noDelay: '{at}，无延迟',
    replySent: '应答',
    noReply: '无：连接中断，或一直没有应答',
    copyCurl: '复制 curl',
    copyTest: '复制为测试',
    copied: '已复制',
    copyFailed: '浏览器不允许在此复制',
    copy: '复制',
    testAsk: '在这里让你的代码调用 mock.url，AppCode 为 app-code-of-this-test。',
    curlCodeHint: '本页面不知道 AppCode，因此 curl 命令从 $IDENTITY_VERIFY_APP_CODE 读取。',

    scenarios: '场景',
    scenariosHint: '上游的全部行为。可以直接发送，也可以让你的下一次调用得到它。',
    search: '搜索',
    searchHint: '名称、代码、手机号、English…',
    kind_all: '全部',
    kind_reply: '供应商',
    kind_gateway: '网关',
    kind_fault: '传输故障',
    nothingFound: '没有这样的场景。',
    http: 'HTTP',
    code: '代码',
    mobile: '手机号',
    send: '发送',
    sending: '发送中…',
    enqueue: '入队',
    enqueueWith: '设置后入队…',
    enqueued: '已入队：{scenario}',
    sent_reply: '{status}，耗时 {time}，决定者：{stage}',
    sent_replyStrict: '{status}，耗时 {time}',
    sent_broken: '{time}后连接中断',
    sent_brokenAfter: '{status}，{time}后连接中断',
    sent_timeout: '{time}内没有应答',
    sent_timeoutAfter: '{status}，但应答在 {time}内没有结束',

    queue: '队列',
    queueHint: '每项依次应答一次调用，优先于规则和手机号。',
    queueEmpty: '队列为空：每次调用按手机号应答。',
    queueMore: '另有 {n} 项',
    clearQueue: '清空队列',
    times: '次数',
    latencyMs: '延迟（毫秒）',
    httpStatus: 'HTTP 状态码',
    statusOfScenario: '按文档',
    remove: '移除',
    removeOne: '移除一项 {scenario}',
    afterDelay: '延迟 {time}',
    asStatus: 'HTTP {status}',

    rules: '规则',
    rulesHint: '凡字段完全相同的调用都适用；多条符合时以最新的为准。显示时已脱敏。',
    rulesEmpty: '没有规则。',
    clearRules: '移除全部规则',
    addRule: '添加规则',
    ruleAdded: '已添加规则',
    name: '姓名',
    idCard: '身份证号',
    hits: '命中 {n} 次',
    ruleNeedsField: '姓名、身份证号、手机号至少填一项。',

    latencyTitle: '延迟',
    latencyHint: '每次应答前的延迟；种子相同，则每次运行都相同。',
    latencyKind: '分布',
    latency_none: '无',
    latency_fixed: '固定',
    latency_uniform: '均匀分布',
    latency_lognormal: '对数正态分布',
    latency_ms: '延迟（毫秒）',
    latency_minMs: '最小（毫秒）',
    latency_maxMs: '最大（毫秒）',
    latency_medianMs: '中位数（毫秒）',
    latency_sigma: 'σ',
    throttleTitle: '限流',
    throttleHint: '留空为不限。',
    callsPerSecond: '每秒调用次数',
    scope: '提示中的范围',
    scope_user: '用户',
    scope_app: '应用',
    scope_api: 'API',
    scope_group: '分组',
    scope_domain: '域名',
    refusalStatus: '拒绝时的 HTTP 状态码',
    sameLimit: '同一参数的次数',
    sameWindow: '时间窗口（小时）',
    quotaTitle: '额度',
    quotaHint: '留空为不限。用完后供应商返回 10009 或 10010，或由网关返回 403。',
    callsLeft: '剩余次数',
    balance: '余额（元）',
    expiresIn: '有效期（小时）',
    answeredBy: '由谁应答',
    answeredBy_vendor: '供应商',
    answeredBy_gateway: '网关',
    unknownIsCharged: '可能计费的调用也扣减',
    clockTitle: '时钟',
    clockHint: '额度、限流和签名都以它为准，只能向前拨。',
    clockAhead: '快了 {time}',
    notANumber: '不是合适的数字。',
    yes: '是',
    no: '否',
    set: '设置',
    setDone: '已设置',
    unset: '关闭',
    advance: '前进 {time}',

    verify: '断言',
    verifyHint: '将调用记录与测试的预期比较。个人信息按指纹比较。',
    anyScenario: '任意场景',
    howOften: '次数要求',
    times_atLeast: '至少',
    times_exactly: '恰好',
    times_atMost: '至多',
    waitSeconds: '等待（秒）',
    check: '检查',
    verdict_ok: '符合预期：{n} 次调用匹配。',
    verdict_bad: '不符合预期：{n} 次调用匹配。',
    nearest: '最接近的调用',
    differs: '第 {n} 次：{field} 为 {actual}，预期 {expected}',

    resetTitle: '全部清空 #{id}？',
    resetText: '该命名空间的调用、费用、队列、规则、额度、限流、延迟和时钟都将恢复初始状态。',
    reset: '全部清空',
    resetEvery: '清空所有命名空间',
    resetEveryTitle: '清空全部 {n} 个命名空间？',
    resetEveryText: '也包括其他人和其他测试正在使用的命名空间。',
    resetDone: '已清空',
    cancel: '取消',
    metrics: '指标',
    synthetic: '仅限虚构人员。切勿让生产环境指向这里。',
  },
};
`,
  'troubles.js': `import { byId, fill, make } from './kit/dom.js';
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
        \`span.trouble#trouble-\${name}\`,
        {},
        label,
        off === undefined
          ? ' '
          : make(
              'button',
              { type: 'button', 'aria-label': \`\${text('troubleOff')}: \${label}\`, onclick: () => start(act(off)) },
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
`,
  'verify.js': `import { byId, fill, make } from './kit/dom.js';
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
      \`div.notice.\${ok ? 'good' : 'bad'}\`,
      { 'data-ok': String(ok) },
      text(ok ? 'verdict_ok' : 'verdict_bad', { n: count }),
      differences.length > 0 && make('div', {}, text('nearest'), make('ul', {}, ...differences)),
    ),
  );
}
`,
  'kit/api.js': `/** A reply that refuses, with what it says. */
export class RefusedError extends Error {
  /**
   * @param {string} message
   * @param {number} status
   * @param {any} body the reply
   */
  constructor(message, status, body) {
    super(message);
    this.name = 'RefusedError';
    this.status = status;
    this.body = body;
  }
}

/**
 * Sends JSON, and reads the reply. \`fetch\` rejects with a \`TypeError\` if the server cannot be reached; so does a reply
 * that is not JSON, because then something else than this server has answered.
 *
 * @param {string} path
 * @param {{ method?: string, headers?: Record<string, string>, body?: unknown, signal?: AbortSignal }} [options]
 * @returns {Promise<any>}
 * @throws {RefusedError} for a status from 400 on
 */
export async function requestJson(path, { method = 'GET', headers = {}, body, signal } = {}) {
  const reply = await fetch(path, {
    method,
    headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    ...(signal && { signal }),
  });
  const text = await reply.text();
  /** @type {any} */
  let value;
  try {
    value = text === '' ? undefined : JSON.parse(text);
  } catch {
    throw new TypeError(\`\${path} did not answer with JSON.\`);
  }
  if (!reply.ok)
    throw new RefusedError(value?.error?.message ?? value?.title ?? \`HTTP \${reply.status}\`, reply.status, value);
  return value;
}
`,
  'kit/confirm.js': `import { make } from './dom.js';

/**
 * Asks before something that cannot be undone or costs money. The focus is on "cancel", and Escape cancels, so that a
 * hasty Enter does nothing.
 *
 * @param {object} of
 * @param {string} of.title
 * @param {string | Node} of.text what happens, and what it costs
 * @param {string} of.yes name of the action, not "OK"
 * @param {string} of.no
 * @param {'primary' | 'danger'} [of.tone] look of the action. Default: \`primary\`
 * @param {string} [of.id] id of the dialog. Default: \`confirm\`
 * @returns {Promise<boolean>} true if the reader agreed
 */
export function confirmDialog({ title, text, yes, no, tone = 'primary', id = 'confirm' }) {
  const cancel = make('button', { value: 'no', autofocus: true }, no);
  const form = make(
    'form',
    { method: 'dialog' },
    make('h2', { id: \`\${id}-title\` }, title),
    make('div', { id: \`\${id}-text\` }, text),
    make('div.actions', {}, cancel, make(\`button.\${tone}\`, { value: 'yes' }, yes)),
  );
  const dialog = /** @type {HTMLDialogElement} */ (
    make(\`dialog#\${id}\`, { 'aria-labelledby': \`\${id}-title\`, 'aria-describedby': \`\${id}-text\` }, form)
  );
  document.body.append(dialog);
  dialog.returnValue = 'no';
  dialog.showModal();
  cancel.focus();
  return new Promise((resolve) => {
    dialog.addEventListener(
      'close',
      () => {
        dialog.remove();
        resolve(dialog.returnValue === 'yes');
      },
      { once: true },
    );
  });
}
`,
  'kit/copy.js': `import { make } from './dom.js';
import { toast } from './notice.js';

/**
 * Makes a button that copies a text.
 *
 * @param {object} of
 * @param {string} of.label
 * @param {string} of.done said after copying
 * @param {string} of.failed said when the browser does not allow it (a page that is neither on loopback nor HTTPS)
 * @param {() => string} of.value called when the button is pressed
 * @param {string} [of.tag]
 * @returns {HTMLButtonElement}
 */
export function copyButton({ label, done, failed, value, tag = 'button.copy.quiet' }) {
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(value());
      toast(done);
    } catch {
      toast(failed, 'bad');
    }
  };
  return make(tag, { type: 'button', onclick: () => void copy() }, label);
}
`,
  'kit/dom.js': `/**
 * Returns the element with an id.
 *
 * @param {string} id
 * @returns {any} the element; callers know its type
 * @throws {Error} if there is none
 */
export function byId(id) {
  const found = document.getElementById(id);
  if (found === null) throw new Error(\`There is no element #\${id}.\`);
  return found;
}

/**
 * What an element can contain. \`null\`, \`undefined\` and \`false\` are left out, so that a part can depend on a condition.
 *
 * @typedef {Node | string | number | null | undefined | false} Child
 */

/**
 * Creates an element. Texts are never parsed as markup.
 *
 * @param {string} tag the tag, then classes, then an id: \`button.primary#send\`
 * @param {Record<string, string | number | boolean | Function | null | undefined>} [attributes] a name that begins with \`on\` is a listener; \`true\` sets an attribute
 *   without a value; \`false\`, \`null\` and \`undefined\` set none
 * @param {...Child} children
 * @returns {any} the element; callers know its type
 */
export function make(tag, attributes = {}, ...children) {
  const [, name = 'div', classes = '', id = ''] = /^(\\w+)((?:\\.[\\w-]+)*)(?:#([\\w-]+))?$/.exec(tag) ?? [];
  const made = document.createElement(name);
  if (classes !== '') made.className = classes.slice(1).replaceAll('.', ' ');
  if (id !== '') made.id = id;
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === 'function') made.addEventListener(key.slice(2), /** @type {EventListener} */ (value));
    else if (value === true) made.setAttribute(key, '');
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(key, String(value));
  }
  made.append(...nodesOf(children));
  return made;
}

/** @param {readonly Child[]} children @returns {(Node | string)[]} */
function nodesOf(children) {
  return children
    .filter((child) => child !== null && child !== undefined && child !== false)
    .map((child) => (typeof child === 'number' ? String(child) : child));
}

/**
 * Replaces the content of an element.
 *
 * @param {Element} parent
 * @param {...Child} children
 */
export function fill(parent, ...children) {
  parent.replaceChildren(...nodesOf(children));
}

/**
 * Sets a text only if it differs, so that a screen reader does not announce the same text again at every poll.
 *
 * @param {Element} element
 * @param {string} text
 */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** The state that {@link keepList} drew last, by element. @type {WeakMap<Element, unknown>} */
const drawn = new WeakMap();

/**
 * Makes the children of an element show a list. An element whose state has not changed stays as it is, with its focus
 * and its selection; the others are drawn again. Costs nothing for a list that has not changed.
 *
 * @template T
 * @param {Element} parent contains nothing else
 * @param {readonly T[]} items
 * @param {object} how
 * @param {(item: T) => string | number} how.key unique in the list
 * @param {(item: T) => unknown} [how.state] draws the element again when this value changes. Default: the item itself
 * @param {(item: T) => HTMLElement} how.draw
 */
export function keepList(parent, items, { key, state = (item) => item, draw }) {
  const old = new Map();
  for (const child of parent.children) old.set(/** @type {HTMLElement} */ (child).dataset['key'], child);
  let place = parent.firstElementChild;
  for (const item of items) {
    const name = String(key(item));
    const value = state(item);
    let child = old.get(name);
    old.delete(name);
    if (child === undefined || drawn.get(child) !== value) {
      const fresh = draw(item);
      fresh.dataset['key'] = name;
      drawn.set(fresh, value);
      if (child !== undefined) {
        if (child === place) place = fresh;
        child.replaceWith(fresh);
      }
      child = fresh;
    }
    if (child === place) place = place?.nextElementSibling ?? null;
    else parent.insertBefore(child, place);
  }
  for (const child of old.values()) child.remove();
}
`,
  'kit/format.js': `/**
 * Formats an amount. Only this function knows the currency.
 *
 * @param {number} fen 1/100 CNY
 */
export const money = (fen) => \`¥\${(fen / 100).toFixed(2)}\`;

/**
 * Formats a whole number with separators: 12,000.
 *
 * @param {number} n
 */
export const count = (n) => String(n).replaceAll(/\\B(?=(\\d{3})+(?!\\d))/g, ',');

/** @type {Record<string, readonly (readonly [unit: string, ms: number])[]>} */
const UNITS = {
  en: [
    [' d', 86_400_000],
    [' h', 3_600_000],
    [' min', 60_000],
    [' s', 1000],
  ],
  'zh-CN': [
    [' 天', 86_400_000],
    [' 小时', 3_600_000],
    [' 分', 60_000],
    [' 秒', 1000],
  ],
};

/**
 * Formats a duration in the unit that people read: \`0.42 ms\`, \`380 ms\`, \`1.5 s\`, \`2 min 5 s\`, \`3 h\`, \`10 d\`.
 *
 * @param {number} ms
 * @param {string} locale \`en\` or \`zh-CN\`
 */
export function duration(ms, locale = 'en') {
  if (ms < 10) return \`\${trimmed(ms.toFixed(2))} ms\`;
  if (ms < 999.5) return \`\${Math.round(ms)} ms\`;
  const units = UNITS[locale] ?? UNITS['en'] ?? [];
  const second = units.at(-1)?.[0];
  if (ms < 59_950) return \`\${trimmed((ms / 1000).toFixed(1))}\${second}\`;
  // Rounded to the second first, so that no part ever becomes 60.
  let rest = Math.round(ms / 1000) * 1000;
  const parts = [];
  for (const [unit, length] of units) {
    const whole = Math.floor(rest / length);
    rest -= whole * length;
    // The second part is the last that is worth reading.
    if (whole > 0) parts.push(\`\${whole}\${unit}\`);
    else if (parts.length > 0) break;
    if (parts.length === 2) break;
  }
  return parts.join(' ');
}

/** @param {string} decimal */
const trimmed = (decimal) => decimal.replace(/\\.?0+$/, '');

/**
 * Formats a time of day: \`14:03:09\`.
 *
 * @param {string | number | Date} at
 * @param {string} locale
 */
export const timeOfDay = (at, locale) => new Date(at).toLocaleTimeString(locale, { hour12: false });

/**
 * Formats a time with its date.
 *
 * @param {string | number | Date} at
 * @param {string} locale
 */
export const dateTime = (at, locale) => new Date(at).toLocaleString(locale, { hour12: false });
`,
  'kit/kit.css': `/*
 * The look of both pages. Runs in Chrome 100 and later: no nesting, no light-dark(), no color-mix().
 * A page sets its own --accent and its layout in a sheet of its own, loaded after this one.
 */

/* Tokens */
:root {
  color-scheme: light dark;
  --ground: #f4f6fa;
  --card: #ffffff;
  --line: #d9dfe8;
  --edge: #7c8a9a;
  --ink: #18222f;
  --soft: #52606f;
  --accent: #1f5fd0;
  --on-accent: #ffffff;
  --tint: #e8effc;
  --good: #0d6b3d;
  --good-ground: #e5f6ec;
  --bad: #a8231d;
  --bad-ground: #fdecea;
  --warn: #7a4b00;
  --warn-ground: #fff3dc;
  --neutral: #52606f;
  --neutral-ground: #eef1f5;
  --radius: 12px;
  --radius-small: 8px;
  --mono: ui-monospace, 'SF Mono', Menlo, Consolas, 'Liberation Mono', monospace;
  font:
    16px/1.5 system-ui,
    -apple-system,
    'Segoe UI',
    'PingFang SC',
    'Microsoft YaHei',
    'Noto Sans CJK SC',
    sans-serif;
  color: var(--ink);
  background: var(--ground);
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #0f141b;
    --card: #18202b;
    --line: #2d3948;
    --edge: #6d7c8f;
    --ink: #e8edf4;
    --soft: #a3b1c2;
    --accent: #8fb8ff;
    --on-accent: #0b1a33;
    --tint: #1d2b45;
    --good: #6ddba0;
    --good-ground: #12301f;
    --bad: #ff9c94;
    --bad-ground: #3a1716;
    --warn: #ffc96b;
    --warn-ground: #33250a;
    --neutral: #a3b1c2;
    --neutral-ground: #232e3b;
  }
}

/* Base */
*,
*::before,
*::after {
  box-sizing: border-box;
}
body,
h1,
h2,
h3,
p,
dl,
dd,
ol,
ul,
pre,
figure {
  margin: 0;
}
ol,
ul {
  padding: 0;
}
[hidden] {
  display: none !important;
}
h1 {
  font-size: 1.25rem;
  line-height: 1.2;
}
h2 {
  font-size: 1.0625rem;
  line-height: 1.3;
}
h3 {
  font-size: 0.9375rem;
}
a {
  color: var(--accent);
}
:focus-visible {
  outline: 3px solid var(--accent);
  outline-offset: 2px;
}
code,
.mono,
.code {
  font-family: var(--mono);
  font-size: 0.875em;
}
.hint {
  color: var(--soft);
  font-size: 0.875rem;
}
.none {
  color: var(--soft);
}
.visually-hidden {
  position: absolute;
  width: 1px;
  height: 1px;
  overflow: hidden;
  clip-path: inset(50%);
  white-space: nowrap;
}
.skip {
  position: absolute;
  left: -999px;
}
.skip:focus {
  left: 16px;
  top: 8px;
  z-index: 3;
  padding: 8px 12px;
  background: var(--card);
}

/* Groups of controls */
.actions,
.choices {
  display: flex;
  flex-wrap: wrap;
  gap: 8px;
  align-items: center;
}
.actions {
  gap: 12px;
}
.languages {
  display: flex;
  gap: 6px;
}
.languages button {
  padding: 4px 12px;
  min-height: 36px;
}

/* Card */
.card {
  min-width: 0;
  padding: 20px;
  background: var(--card);
  border: 1px solid var(--line);
  border-radius: var(--radius);
}
.card-head {
  display: flex;
  flex-wrap: wrap;
  gap: 8px 16px;
  align-items: center;
  justify-content: space-between;
  margin-bottom: 12px;
}
.brand {
  display: flex;
  gap: 12px;
  align-items: center;
  min-width: 0;
}
.brand p {
  color: var(--soft);
  font-size: 0.875rem;
}

/* Button: plain, .primary, .quiet, .danger, .small; aria-pressed for one of several */
button {
  min-height: 40px;
  padding: 7px 14px;
  font: inherit;
  color: inherit;
  background: var(--card);
  border: 1px solid var(--line);
  border-radius: var(--radius-small);
  cursor: pointer;
}
button:hover {
  border-color: var(--accent);
}
button:disabled {
  opacity: 0.6;
  cursor: not-allowed;
}
button[aria-busy='true'] {
  cursor: progress;
}
button.primary {
  padding-left: 24px;
  padding-right: 24px;
  font-weight: 600;
  color: var(--on-accent);
  background: var(--accent);
  border-color: var(--accent);
}
button.quiet {
  background: transparent;
}
button.danger {
  color: var(--bad);
}
button.danger:hover {
  background: var(--bad-ground);
  border-color: var(--bad);
}
button.small,
button.copy {
  min-height: 32px;
  padding: 3px 10px;
  font-size: 0.8125rem;
}
button[aria-pressed='true'] {
  font-weight: 600;
  color: var(--accent);
  border-color: var(--accent);
  box-shadow: inset 0 0 0 1px var(--accent);
}

/* Badge */
.badge {
  display: inline-block;
  padding: 2px 10px;
  font-size: 0.8125rem;
  font-weight: 600;
  white-space: nowrap;
  color: var(--neutral);
  background: var(--neutral-ground);
  border-radius: 99px;
}
.badge.good {
  color: var(--good);
  background: var(--good-ground);
}
.badge.bad {
  color: var(--bad);
  background: var(--bad-ground);
}
.badge.warn {
  color: var(--warn);
  background: var(--warn-ground);
}
.badge.accent {
  color: var(--accent);
  background: var(--tint);
}
.person {
  white-space: nowrap;
}

/* Field */
.field label {
  display: block;
  margin-bottom: 4px;
  font-size: 0.9375rem;
  font-weight: 600;
}
input:not([type='checkbox']):not([type='radio']):not([type='range']),
select,
textarea {
  width: 100%;
  min-width: 0;
  min-height: 40px;
  padding: 7px 12px;
  font: inherit;
  font-variant-numeric: tabular-nums;
  color: inherit;
  background: var(--ground);
  border: 1px solid var(--edge);
  border-radius: var(--radius-small);
}
input[type='checkbox'],
input[type='radio'],
input[type='range'] {
  accent-color: var(--accent);
}
input[aria-invalid='true'] {
  border-color: var(--bad) !important;
}
.problem {
  margin-top: 4px;
  font-size: 0.875rem;
  color: var(--bad);
}
.problem:empty {
  display: none;
}
.check {
  display: flex;
  gap: 8px;
  align-items: center;
}

/* Facts: terms and descriptions */
.facts {
  display: grid;
  grid-template-columns: max-content minmax(0, 1fr);
  gap: 6px 16px;
  font-size: 0.9375rem;
}
.facts dt {
  color: var(--soft);
}
.facts dd {
  overflow-wrap: anywhere;
}

/* Table */
.scroll {
  overflow: auto;
}
table {
  width: 100%;
  font-size: 0.875rem;
  border-collapse: collapse;
}
th {
  font-weight: 600;
  text-align: left;
  color: var(--soft);
}
th,
td {
  padding: 6px 12px 6px 0;
  white-space: nowrap;
  border-bottom: 1px solid var(--line);
}
.number {
  text-align: right;
  font-variant-numeric: tabular-nums;
}
.empty {
  padding: 24px 16px;
  text-align: center;
  color: var(--soft);
}

/* Tabs */
[role='tablist'] {
  display: flex;
  gap: 4px;
  overflow-x: auto;
  border-bottom: 1px solid var(--line);
}
[role='tab'] {
  flex: none;
  background: transparent;
  border: 0;
  border-bottom: 3px solid transparent;
  border-radius: var(--radius-small) var(--radius-small) 0 0;
}
[role='tab']:focus-visible {
  outline-offset: -3px;
}
[role='tab'][aria-selected='true'] {
  font-weight: 600;
  color: var(--accent);
  border-bottom-color: var(--accent);
}

/* Details */
summary {
  padding: 10px 0;
  font-weight: 600;
  cursor: pointer;
}

/* Code that can be copied */
pre {
  max-width: 100%;
  padding: 12px;
  overflow: auto;
  font: 0.8125rem/1.5 var(--mono);
  background: var(--ground);
  border: 1px solid var(--line);
  border-radius: var(--radius-small);
}

/* Notice and toast */
.notice {
  padding: 12px 16px;
  font-weight: 600;
  border: 1px solid currentColor;
  border-radius: var(--radius);
}
.notice.good {
  color: var(--good);
  background: var(--good-ground);
}
.notice.bad {
  color: var(--bad);
  background: var(--bad-ground);
}
.notice.warn {
  color: var(--warn);
  background: var(--warn-ground);
}
.toast {
  position: fixed;
  left: 50%;
  bottom: 24px;
  z-index: 4;
  max-width: calc(100vw - 32px);
  padding: 8px 16px;
  font-size: 0.875rem;
  color: var(--card);
  background: var(--ink);
  border-radius: var(--radius-small);
  transform: translateX(-50%);
}
.toast.bad {
  color: var(--bad);
  background: var(--bad-ground);
  border: 1px solid currentColor;
}

/* Dialog */
dialog {
  max-width: min(28rem, calc(100vw - 32px));
  padding: 24px;
  color: inherit;
  background: var(--card);
  border: 1px solid var(--line);
  border-radius: var(--radius);
}
dialog::backdrop {
  /* A backdrop inherits no variables before Chrome 122. */
  background: rgb(0 0 0 / 55%);
}
dialog form {
  display: grid;
  gap: 14px;
}

/* Progress */
progress {
  display: block;
  width: 100%;
  height: 8px;
  overflow: hidden;
  appearance: none;
  background: var(--line);
  border: 0;
  border-radius: 99px;
}
progress::-webkit-progress-bar {
  background: var(--line);
}
progress::-webkit-progress-value {
  background: var(--accent);
}
progress::-moz-progress-bar {
  background: var(--accent);
}

@media (max-width: 860px) {
  .card {
    padding: 16px;
  }
}
@media (prefers-reduced-motion: reduce) {
  *,
  *::before,
  *::after {
    animation: none !important;
    transition: none !important;
  }
}
`,
  'kit/language.js': `import { make } from './dom.js';
import { recall, remember } from './memory.js';

/** @typedef {'en' | 'zh'} LanguageName */

/**
 * The texts of a page. A key that is missing in the other language does not compile.
 *
 * @template {string} Key
 * @typedef {{ en: Record<Key, string>, zh: Record<Key, string> }} Texts
 */

/**
 * The language of a page.
 *
 * @template {string} [Key=string]
 * @typedef {object} Language
 * @property {(key: Key, values?: Record<string, unknown>) => string} text a text in the current language; \`{name}\` in it
 *   is replaced by the value. A missing key is an error on the console, which every browser test fails on
 * @property {(key: string) => key is Key} has true if there is a text with this key
 * @property {() => LanguageName} current
 * @property {() => string} locale for \`Intl\` and \`lang\`: \`en\` or \`zh-CN\`
 * @property {(texts: { en: string, zh: string }) => string} pick the one of two texts for the current language, such as
 *   those of the contract
 * @property {(key: Key) => readonly string[]} both a text in both languages, for a search that finds either
 * @property {(listener: () => void) => void} onChange calls back now and after each change
 * @property {(wanted: LanguageName) => void} use changes the language, and remembers it over a reload
 * @property {(root?: ParentNode) => void} apply fills in \`data-text\`, \`data-label\` (aria-label), \`data-placeholder\` and
 *   \`data-tip\` (title) of the markup. Runs by itself on the document, at the start and at each change
 */

const STORED = 'identity-verify-language';

/** @type {readonly (readonly [name: LanguageName, label: string, locale: string])[]} */
const LANGUAGES = [
  ['zh', '中文', 'zh-CN'],
  ['en', 'English', 'en'],
];

const ATTRIBUTES = /** @type {const} */ ([
  ['text', undefined],
  ['label', 'aria-label'],
  ['placeholder', 'placeholder'],
  ['tip', 'title'],
]);

/**
 * Starts with the language that the reader chose last, or else with that of the browser.
 *
 * @template {string} Key
 * @param {Texts<Key>} texts
 * @returns {Language<Key>}
 */
export function createLanguage(texts) {
  const stored = recall(STORED);
  /** @type {LanguageName} */
  let name =
    stored === 'en' || stored === 'zh' ? stored : navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en';
  /** @type {Set<() => void>} */
  const listeners = new Set();

  const locale = () => LANGUAGES.find(([known]) => known === name)?.[2] ?? 'en';
  /** @type {Language<Key>['has']} */
  const has = (key) => /** @type {(key: string) => key is Key} */ ((wanted) => Object.hasOwn(texts.en, wanted))(key);

  /** @type {Language<Key>['text']} */
  const text = (key, values = {}) => {
    const template = texts[name][key];
    if (template === undefined) {
      console.error(\`There is no text "\${key}" (\${name}).\`);
      return key;
    }
    return template.replaceAll(/\\{(\\w+)\\}/g, (_, place) => String(values[place]));
  };

  const apply = (/** @type {ParentNode} */ root = document) => {
    for (const [data, attribute] of ATTRIBUTES) {
      for (const place of root.querySelectorAll(\`[data-\${data}]\`)) {
        const value = text(/** @type {Key} */ (/** @type {HTMLElement} */ (place).dataset[data]));
        if (attribute === undefined) place.textContent = value;
        else place.setAttribute(attribute, value);
      }
    }
  };

  const announce = () => {
    document.documentElement.lang = locale();
    apply();
    for (const listener of listeners) listener();
  };

  document.documentElement.lang = locale();
  apply();
  return {
    text,
    has,
    apply,
    locale,
    current: () => name,
    pick: (both) => both[name],
    both: (key) => [texts.en[key], texts.zh[key]],
    onChange: (listener) => {
      listeners.add(listener);
      listener();
    },
    use: (wanted) => {
      name = wanted;
      remember(STORED, wanted);
      announce();
    },
  };
}

/**
 * Makes the switch between the languages. Each is named in itself.
 *
 * @param {Language<any>} language
 * @param {string} label key of the name of the group
 * @returns {HTMLElement}
 */
export function languageSwitch(language, label = 'language') {
  const buttons = LANGUAGES.map(([name, own, lang]) =>
    make('button', { type: 'button', lang, 'data-language': name, onclick: () => language.use(name) }, own),
  );
  const group = make('div.languages', { role: 'group', 'data-label': label }, ...buttons);
  language.onChange(() => {
    group.setAttribute('aria-label', language.text(label));
    for (const button of buttons) {
      button.setAttribute('aria-pressed', String(button.dataset['language'] === language.current()));
    }
  });
  return group;
}
`,
  'kit/live.js': `/**
 * The state of a connection: \`waiting\` before the first reply, \`ok\`, or \`gone\` while the server does not answer. A
 * server that refuses is not gone.
 *
 * @typedef {'waiting' | 'ok' | 'gone'} LiveState
 */

/** The longest wait between two tries while the server does not answer, in milliseconds. */
const GONE_MS = 10_000;

/**
 * Loads something again and again: never twice at a time, not while the page is hidden, and less often while the server
 * does not answer.
 *
 * @template T
 * @param {object} of
 * @param {() => Promise<T>} of.load rejects with a \`TypeError\` if the server cannot be reached, as \`fetch\` does
 * @param {number} of.everyMs pause between two loads, in milliseconds
 * @param {(value: T) => void} of.onValue
 * @param {(state: LiveState) => void} of.onState called when the state changes
 * @param {(error: Error) => void} [of.onError] called when the server refuses
 * @returns {{ refresh: () => Promise<void>, stop: () => void, state: () => LiveState }} \`refresh\` loads now; called
 *   while a load is under way, it loads once more after it
 */
export function poll({ load, everyMs, onValue, onState, onError = () => {} }) {
  /** @type {LiveState} */
  let state = 'waiting';
  let failures = 0;
  let stopped = false;
  let again = false;
  /** @type {Promise<void> | undefined} */
  let running;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  const become = (/** @type {LiveState} */ next) => {
    if (state === next) return;
    state = next;
    onState(next);
  };

  const once = async () => {
    try {
      const value = await load();
      if (stopped) return;
      failures = 0;
      become('ok');
      onValue(value);
    } catch (error) {
      if (stopped) return;
      if (error instanceof TypeError) {
        failures++;
        become('gone');
      } else {
        failures = 0;
        become('ok');
        onError(/** @type {Error} */ (error));
      }
    }
  };

  const plan = () => {
    clearTimeout(timer);
    if (stopped) return;
    const wait = failures === 0 ? everyMs : Math.min(everyMs * 2 ** failures, Math.max(everyMs, GONE_MS));
    timer = setTimeout(() => {
      if (document.hidden) plan();
      else void refresh();
    }, wait);
  };

  const untilQuiet = async () => {
    again = false;
    await once();
    if (again && !stopped) await untilQuiet();
  };

  const refresh = async () => {
    again = true;
    running ??= untilQuiet().then(() => {
      running = undefined;
      plan();
    });
    await running;
  };

  document.addEventListener('visibilitychange', () => {
    if (!document.hidden && !stopped) void refresh();
  });

  return {
    refresh,
    state: () => state,
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

/**
 * Counts the time of something under way, about ten times a second.
 *
 * @param {(elapsedMs: number) => void} onTick called at once, then again and again
 * @returns {() => number} ends counting, and returns the elapsed time in milliseconds
 */
export function stopwatch(onTick) {
  const start = performance.now();
  const tick = () => onTick(performance.now() - start);
  tick();
  const timer = setInterval(tick, 100);
  return () => {
    clearInterval(timer);
    return performance.now() - start;
  };
}
`,
  'kit/memory.js': `// Storage can be forbidden by the browser. The pages then work without it.

/**
 * Reads a remembered value.
 *
 * @param {string} name
 * @returns {string | undefined}
 */
export function recall(name) {
  try {
    return localStorage.getItem(name) ?? undefined;
  } catch {
    return undefined;
  }
}

/**
 * Remembers a value over a reload. Never a credential, never a person.
 *
 * @param {string} name
 * @param {string} value
 */
export function remember(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch {
    // Nothing is lost but the choice.
  }
}

/**
 * Reads the parameters behind the \`#\` of the address: \`#ns=1a2b3c4d&tab=queue\`.
 *
 * @returns {Record<string, string>}
 */
export function readHash() {
  return Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
}

/**
 * Changes parameters behind the \`#\` of the address, without an entry in the history.
 *
 * @param {Record<string, string | undefined>} changes \`undefined\` removes a parameter
 */
export function writeHash(changes) {
  const all = new URLSearchParams(location.hash.slice(1));
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) all.delete(name);
    else all.set(name, value);
  }
  const text = all.toString();
  history.replaceState(null, '', text === '' ? location.pathname + location.search : \`#\${text}\`);
}
`,
  'kit/notice.js': `import { make } from './dom.js';

/** How long a toast stays, in milliseconds. */
const TOAST_MS = 2_500;

/** @type {HTMLElement | undefined} */
let place;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

/**
 * Says for a moment what has been done. What the reader must not miss is a notice in the page instead.
 *
 * @param {string} text
 * @param {'plain' | 'bad'} [tone]
 */
export function toast(text, tone = 'plain') {
  if (place === undefined) {
    place = /** @type {HTMLElement} */ (make('div.toast#toast', { role: 'status' }));
    document.body.append(place);
  }
  place.textContent = text;
  place.classList.toggle('bad', tone === 'bad');
  place.hidden = false;
  clearTimeout(timer);
  timer = setTimeout(() => {
    if (place !== undefined) place.hidden = true;
  }, TOAST_MS);
}

/**
 * Makes a notice that stays, for example "the server does not answer".
 *
 * @param {string} id
 * @returns {{ element: HTMLElement, show: (...content: (Node | string)[]) => void, hide: () => void }}
 */
export function notice(id) {
  const element = /** @type {HTMLElement} */ (make(\`div.notice.bad#\${id}\`, { role: 'alert', hidden: true }));
  return {
    element,
    show: (...content) => {
      const same = content.length === 1 && content[0] === element.textContent;
      if (!same) element.replaceChildren(...content);
      element.hidden = false;
    },
    hide: () => {
      element.hidden = true;
    },
  };
}
`,
  'kit/parts.js': `import { make } from './dom.js';
import { money } from './format.js';

/** @typedef {'good' | 'bad' | 'warn' | 'neutral'} Tone */

/**
 * A word on a tinted ground.
 *
 * @param {string} text
 * @param {Tone} [tone]
 * @returns {HTMLElement}
 */
export const badge = (text, tone = 'neutral') => make(\`span.badge.\${tone}\`, {}, text);

/**
 * A code of the upstream or of this module: copied as it is, in a fixed width.
 *
 * @param {string | number | null | undefined} code nothing is a dash
 * @returns {HTMLElement}
 */
export const codeBadge = (code) =>
  code === null || code === undefined ? make('span.none', {}, '–') : make('code.code', {}, code);

/** The tones of what a call costs. @type {Record<'yes' | 'no' | 'unknown', Tone>} */
const BILLED_TONES = { yes: 'good', no: 'neutral', unknown: 'warn' };

/**
 * Whether a call is paid for.
 *
 * @param {'yes' | 'no' | 'unknown'} billed
 * @param {string} text
 * @param {number} [fen] shown behind the text
 * @returns {HTMLElement}
 */
export const billedBadge = (billed, text, fen) =>
  badge(fen === undefined || fen === 0 ? text : \`\${text} \${money(fen)}\`, BILLED_TONES[billed]);

/**
 * A masked person. The page never gets any other.
 *
 * @param {{ name: string, idCard: string, mobile: string } | null | undefined} person
 * @returns {HTMLElement}
 */
export const maskedPerson = (person) =>
  person
    ? make(
        'span.person',
        {},
        make('span', {}, person.name),
        ' ',
        make('span.mono', {}, person.idCard),
        ' ',
        make('span.mono', {}, person.mobile),
      )
    : make('span.none', {}, '–');

/**
 * A list of terms and their descriptions.
 *
 * @param {readonly (readonly [term: string, description: import('./dom.js').Child, className?: string])[]} rows rows
 *   without a description are left out
 * @param {string} [tag]
 * @returns {HTMLElement}
 */
export function facts(rows, tag = 'dl.facts') {
  const list = make(tag);
  for (const [term, description, className] of rows) {
    if (description === undefined || description === null || description === false) continue;
    list.append(make('dt', {}, term), make('dd', className ? { class: className } : {}, description));
  }
  return list;
}

/**
 * A field of a form: label, input, hint, and the place of its problem (\`#<id>-problem\`), tied together for screen
 * readers.
 *
 * @param {object} of
 * @param {string} of.id
 * @param {string} of.label
 * @param {string} [of.hint]
 * @param {HTMLElement} of.input gets the id
 * @returns {HTMLElement}
 */
export function field({ id, label, hint, input }) {
  input.id = id;
  input.setAttribute('aria-describedby', hint === undefined ? \`\${id}-problem\` : \`\${id}-hint \${id}-problem\`);
  return make(
    'div.field',
    {},
    make('label', { for: id }, label),
    input,
    hint !== undefined && make('p.hint', { id: \`\${id}-hint\` }, hint),
    make('p.problem', { id: \`\${id}-problem\` }),
  );
}

/**
 * Shows or clears the problem of a field made by {@link field}, or of markup with the same ids.
 *
 * @param {string} id
 * @param {string | undefined} problem
 */
export function showProblem(id, problem) {
  const input = document.getElementById(id);
  const place = document.getElementById(\`\${id}-problem\`);
  if (place !== null && place.textContent !== (problem ?? '')) place.textContent = problem ?? '';
  input?.setAttribute('aria-invalid', String(problem !== undefined));
}

/**
 * A choice among values.
 *
 * @param {readonly (readonly [value: string, label: string])[]} options
 * @param {string} [chosen]
 * @param {Parameters<typeof make>[1]} [attributes]
 * @returns {HTMLSelectElement}
 */
export function select(options, chosen, attributes = {}) {
  return make(
    'select',
    attributes,
    ...options.map(([value, label]) => make('option', { value, selected: value === chosen }, label)),
  );
}
`,
  'kit/tabs.js': `/**
 * Makes tabs of markup: \`[role=tablist]\` with \`button[role=tab][aria-controls]\`, and the panels with these ids. The
 * arrow keys, Home and End move between tabs, as the ARIA practices ask.
 *
 * @param {HTMLElement} list
 * @param {(panel: string) => void} [onOpen] called with the id of the panel, also at the start
 * @returns {(panel: string) => void} opens a panel
 */
export function startTabs(list, onOpen = () => {}) {
  const tabs = /** @type {HTMLElement[]} */ ([...list.querySelectorAll('[role=tab]')]);
  /** @param {HTMLElement} tab */
  const panelOf = (tab) => tab.getAttribute('aria-controls') ?? '';

  const open = (/** @type {string} */ panel) => {
    for (const tab of tabs) {
      const isOpen = panelOf(tab) === panel;
      tab.setAttribute('aria-selected', String(isOpen));
      tab.tabIndex = isOpen ? 0 : -1;
      const own = document.getElementById(panelOf(tab));
      if (own !== null) own.hidden = !isOpen;
    }
    onOpen(panel);
  };

  for (const [index, tab] of tabs.entries()) {
    document.getElementById(panelOf(tab))?.setAttribute('aria-labelledby', tab.id);
    tab.addEventListener('click', () => open(panelOf(tab)));
    tab.addEventListener('keydown', (event) => {
      const moves = /** @type {Record<string, number>} */ ({
        ArrowRight: index + 1,
        ArrowLeft: index - 1,
        Home: 0,
        End: tabs.length - 1,
      });
      const to = moves[event.key];
      if (to === undefined) return;
      event.preventDefault();
      const next = tabs[(to + tabs.length) % tabs.length];
      if (next === undefined) return;
      next.focus();
      open(panelOf(next));
    });
  }
  const first = tabs.find((tab) => tab.getAttribute('aria-selected') === 'true') ?? tabs[0];
  if (first !== undefined) open(panelOf(first));
  return open;
}
`,
};
