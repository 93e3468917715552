import { confirmDialog } from './kit/confirm.js';
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
    codeBadge(httpStatus === null ? null : code === null ? httpStatus : `${httpStatus} · ${code}`),
  decidedBy: ({ decidedBy }) => valueText('stage', decidedBy),
  latency: ({ latencyMs }) => (latencyMs === 0 ? '–' : duration(latencyMs, language.locale())),
  billed: ({ billed, fen }) => billedBadge(billed, text(`billed_${billed}`), fen),
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
    fill(byId('journal').tHead.rows[0], ...COLUMNS.map((name) => make(`th.${name}`, { scope: 'col' }, text(name))));
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
  let page = await call('GET', `journal?last=${PAGE}&after=${known === undefined ? 0 : known.index - 1}`);
  const [first] = page.entries;
  const wasCleared =
    known !== undefined &&
    (page.total < known.index || (first?.index === known.index && first.requestId !== known.requestId));
  if (wasCleared) {
    journal.entries = [];
    page = await call('GET', `journal?last=${PAGE}&after=0`);
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
    ...language.both(/** @type {any} */ (`stage_${decidedBy}`)),
    ...language.both(`billed_${billed}`),
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
  const lost = evicted === 0 ? '' : ` · ${text('evicted', { n: count(evicted) })}`;
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
  return make('tr', {}, ...COLUMNS.map((name) => make(`td.${name}`, {}, CELLS[name](entry))));
}

/** Saves the chosen calls, oldest first, one JSON object a line. */
function exportCalls() {
  const lines = [];
  // Each goes to the front, because they come newest first.
  for (const entry of chosenCalls()) lines.unshift(`${JSON.stringify(entry)}\n`);
  const url = URL.createObjectURL(new Blob(lines, { type: 'application/x-ndjson' }));
  make('a', { href: url, download: `identity-verify-mock-${openId()}.ndjson` }).click();
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
