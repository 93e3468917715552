import { byId, setText } from './kit/dom.js';
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
  byId('status').className = `badge ${state === 'ok' ? 'good' : state === 'gone' ? 'bad' : 'neutral'}`;
  setText(byId('status'), text(`state_${state}`));
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
if (tab !== undefined && document.getElementById(`${tab}-panel`) !== null) openTab(`${tab}-panel`);

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
  document.title = `identity-verify-mock – ${text('tagline')}`;
  showState(live.state());
  draw();
  drawNamespaces(list);
});
await live.refresh();
