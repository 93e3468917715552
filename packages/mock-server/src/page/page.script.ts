import { PAGE_TEXTS } from './page.texts.js';

/** The script of the page. It uses no library, never builds markup from strings, and stores nothing. */
export const PAGE_SCRIPT = `const TEXTS = ${JSON.stringify(PAGE_TEXTS)};
${String.raw`
const $ = (id) => document.getElementById(id);
const POLL_MS = 1500;
const SHOWN = 200;

let language = navigator.language.startsWith('zh') ? 'zh' : 'en';
let kind = 'all';
let scenarios = [];
let credential = 'demo';
let token = '';
let cursor = 0;
let round = 0;

const t = (key) => TEXTS[language][key] ?? key;

/** Creates an element. Texts are never parsed as markup. */
function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

async function api(method, path, body) {
  const headers = { Authorization: 'APPCODE ' + credential };
  if (token) headers['X-Mock-Admin-Token'] = token;
  if (body) headers['Content-Type'] = 'application/json';
  const response = await fetch('/__admin/' + path, { method, headers, body: body && JSON.stringify(body) });
  const reply = await response.json();
  if (!response.ok) throw Object.assign(new Error(reply.error.message), { status: response.status, code: reply.error.code });
  return reply;
}

function show(error) {
  $('notice').textContent = error instanceof TypeError ? t('gone') : error.message;
  $('notice').hidden = false;
  if (error.code === 'admin_token_missing') $('token-field').hidden = false;
}

let toastTimer;
function toast(text) {
  $('toast').textContent = text;
  $('toast').hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => ($('toast').hidden = true), 1800);
}

function status(ok) {
  $('status').className = 'pill ' + (ok ? 'ok' : 'bad');
  $('status').textContent = t(ok ? 'ready' : 'unreachable');
}

/** The server has each description in both languages. */
const describe = (scenario) => (language === 'zh' ? scenario.descriptionZh : scenario.description);

/** Formats an amount. Only this function knows the currency. */
const money = (fen) => '¥' + (fen / 100).toFixed(2);

const badge = (billed) => make('span', { className: 'badge ' + billed, textContent: t(billed) });

/**
 * The curl line of a scenario with the AppCode of the open namespace. The AppCode stands inside the single quotes of a
 * shell argument. A function as the replacement, because a text may contain patterns such as $&.
 */
const curlOf = ({ curl }) => curl.replace('APPCODE demo', () => 'APPCODE ' + credential.replaceAll("'", "'\\''"));

function card(scenario) {
  const facts = make('div', { className: 'facts' });
  const fact = (label, value) => value !== null && facts.append(make('span', {}, label + ' ', make('b', { textContent: value })));
  fact(t('http'), scenario.httpStatus ?? '–');
  fact(t('code'), scenario.code);
  fact(t('mobile'), scenario.mobile);
  const copy = make('button', { type: 'button', className: 'quiet', textContent: t('copyCurl') });
  copy.addEventListener('click', async () => {
    await navigator.clipboard.writeText(curlOf(scenario)).then(() => toast(t('copied')), () => toast(t('copyFailed')));
  });
  const enqueue = make('button', { type: 'button', className: 'quiet', textContent: t('enqueue') });
  enqueue.addEventListener('click', () => act(() => api('POST', 'queue', { scenarios: [scenario.id] }), t('enqueued') + ': ' + scenario.id));
  return make('li', {},
    make('div', { className: 'card-head' }, make('code', { textContent: scenario.id }), badge(scenario.billed)),
    make('p', { textContent: describe(scenario) }), facts, make('div', { className: 'card-actions' }, copy, enqueue));
}

function renderCatalogue() {
  const wanted = $('search').value.trim().toLowerCase();
  const found = scenarios.filter((s) => (kind === 'all' || s.kind === kind) &&
    [s.id, s.description, describe(s), s.mobile, ...s.aliases].join(' ').toLowerCase().includes(wanted));
  $('scenarios').replaceChildren(...found.map(card));
  $('scenarios-empty').hidden = found.length > 0;
  $('kinds').replaceChildren(...['all', 'reply', 'gateway', 'fault'].map((name) => {
    const count = name === 'all' ? scenarios.length : scenarios.filter((s) => s.kind === name).length;
    const button = make('button', { type: 'button', className: 'quiet', textContent: t(name) + ' ' + count, ariaPressed: String(kind === name) });
    button.addEventListener('click', () => { kind = name; renderCatalogue(); });
    return button;
  }));
}

/** The columns of the journal. A name is the key of the heading and the class of the cells. */
const COLUMNS = [
  { name: 'index', cell: ({ index }) => String(index) },
  { name: 'time', cell: ({ at }) => new Date(at).toLocaleTimeString(language) },
  { name: 'person', cell: ({ person }) => (person ? person.name + '  ' + person.idCard + '  ' + person.mobile : '–') },
  { name: 'scenario', cell: ({ scenario }) => make('code', { textContent: scenario ?? '–' }) },
  { name: 'decidedBy', cell: ({ decidedBy }) => decidedBy },
  { name: 'http', cell: ({ httpStatus }) => String(httpStatus ?? '–') },
  { name: 'billed', cell: ({ billed }) => badge(billed) },
  { name: 'cost', cell: ({ fen }) => money(fen) },
];

function renderHead() {
  const heads = COLUMNS.map(({ name }) => make('th', { className: name, textContent: t(name) }));
  $('journal').tHead.rows[0].replaceChildren(...heads);
}

function row(entry, isNew) {
  const cells = COLUMNS.map(({ name, cell }) => make('td', { className: name }, cell(entry)));
  return make('tr', { className: isNew ? 'new' : '' }, ...cells);
}

function renderNamespace({ id, cost, clock, quota }, queue) {
  $('ns-id').textContent = '#' + id;
  const tiles = [['calls', cost.calls], ['billedCalls', cost.billed], ['unknownCalls', cost.unknown], ['spent', money(cost.fen)], ['spentAtMost', money(cost.fenAtMost)], ['left', quota.callsLeft ?? t('unlimited')]];
  $('tiles').replaceChildren(...tiles.map(([key, value]) => make('div', {}, make('dt', { textContent: t(key) }), make('dd', { textContent: value }))));
  $('clock').textContent = new Date(clock.now).toLocaleString(language) + (clock.offsetMs ? '  (+' + (clock.offsetMs / 3600000).toFixed(0) + ' h)' : '');
  const chips = queue.slice(0, 12).map(({ scenario }) => make('li', { textContent: scenario }));
  if (queue.length > 12) chips.push(make('li', { textContent: '+' + (queue.length - 12) }));
  $('queue').replaceChildren(...(chips.length ? chips : [make('li', { className: 'none', textContent: t('queueEmpty') })]));
  $('clear-queue').hidden = queue.length === 0;
}

function renderJournal({ entries, total, evicted }) {
  const body = $('journal').tBodies[0];
  if (total < cursor) { body.replaceChildren(); cursor = 0; }
  const isFirst = cursor === 0;
  for (const entry of entries) { if (entry.index > cursor) { body.prepend(row(entry, !isFirst)); cursor = entry.index; } }
  while (body.rows.length > SHOWN) body.lastChild.remove();
  $('journal-empty').hidden = body.rows.length > 0;
  $('journal').hidden = body.rows.length === 0;
  $('journal-count').textContent = total ? t('kept') + ' ' + (total - evicted) + ' ' + t('of') + ' ' + total : '';
}

/** Loads the namespace, the queue and the journal. If two refreshes overlap, only the newer one is shown. */
async function refresh() {
  const mine = ++round;
  try {
    const [namespace, { queue }, journal] = await Promise.all([api('GET', 'namespace'), api('GET', 'queue'), api('GET', 'journal?limit=1000&after=' + cursor)]);
    if (mine !== round) return;
    renderNamespace(namespace, queue);
    // After a reset, the cursor is beyond the end of the journal. Read it from the start.
    renderJournal(journal.total < cursor ? { ...journal, entries: [] } : journal);
    $('notice').hidden = true;
    status(true);
  } catch (error) {
    if (mine !== round) return;
    show(error);
    status(error.status !== undefined);
  }
}

async function act(action, done) {
  try {
    await action();
    if (done) toast(done);
  } catch (error) {
    show(error);
    return;
  }
  await refresh();
}

function restart() {
  cursor = 0;
  $('journal').tBodies[0].replaceChildren();
  return refresh();
}

function speak() {
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
  for (const element of document.querySelectorAll('[data-t]')) element.textContent = t(element.dataset.t);
  $('language').textContent = t('switchTo');
  $('search').placeholder = t('search');
  renderHead();
  renderCatalogue();
}

$('language').addEventListener('click', () => { language = language === 'en' ? 'zh' : 'en'; speak(); void restart(); });
$('search').addEventListener('input', renderCatalogue);
$('credential').addEventListener('submit', (event) => {
  event.preventDefault();
  credential = $('app-code').value.trim() || 'demo';
  token = $('admin-token').value.trim();
  void load();
});
$('quota').addEventListener('submit', (event) => {
  event.preventDefault();
  const text = $('calls-left').value.trim();
  void act(() => api('PUT', 'quota', /^\d+$/.test(text) ? { callsLeft: Number(text) } : {}));
});
$('clear-queue').addEventListener('click', () => act(() => api('DELETE', 'queue')));
$('reset').addEventListener('click', () => act(async () => { await api('POST', 'reset'); await restart(); }));
for (const button of document.querySelectorAll('[data-advance]')) {
  button.addEventListener('click', () => act(() => api('POST', 'clock', { advanceMs: Number(button.dataset.advance) })));
}

async function load() {
  try {
    scenarios = (await api('GET', 'scenarios')).scenarios;
  } catch (error) {
    show(error);
  }
  speak();
  await restart();
}

void load();
setInterval(() => { if (!document.hidden) void refresh(); }, POLL_MS);
`}`;
