import { loadFresh, loadIdentities, loadMock, loadStatus, reset, setTrouble, undo } from './api.js';
import { setSettings, startAnswer } from './answer.js';
import { fillIn, startForm, submitForm } from './form.js';
import { addAnswers, clearHistory, lastIndex, startHistory } from './history.js';
import { showJournal, startJournal } from './journal.js';
import { byId } from './kit/dom.js';
import { poll } from './kit/live.js';
import { toast } from './kit/notice.js';
import { onLanguage, startLanguage, text, timeOfDay } from './language.js';
import { isInTrouble, showMock, startPlayground } from './playground.js';
import { cancelQuestion, startQuestions } from './question.js';
import { showStatus, startStatus } from './status.js';

const EVERY_MS = 2_000;

/** When the sample answered last; undefined before the first time. @type {Date | undefined} */
let lastSeen;
let status;

startLanguage();
startStatus();
startHistory();
startJournal();

const statusPoll = poll({
  load: () => loadStatus(lastIndex()),
  everyMs: EVERY_MS,
  onValue: (value) => {
    lastSeen = new Date();
    ({ status } = value);
    setSettings(status);
    showStatus(status);
    addAnswers(value.answers);
  },
  onState: drawConnection,
  onError: () => {},
});

const question = startQuestions({
  isLive: () => status?.live ?? true,
  price: () => status?.fenPerCall ?? 0,
  refresh: () => statusPoll.refresh(),
  route: () => document.querySelector('[name=route]:checked').value,
});

startAnswer({
  onCancel: cancelQuestion,
  onUndo: (what, identity) => void undoOne(what, identity),
  onFresh: () => void offerFresh(),
});
startForm({ onSubmit: question.ask, onChange: question.fieldsChanged });
for (const input of document.querySelectorAll('[name=route]')) {
  input.addEventListener('change', () => question.routeChanged());
}
onLanguage(() => drawConnection(statusPoll.state()));

await statusPoll.refresh();
if (status !== undefined && !status.live) await startMock();
// Signals to tests and browser automation that the page is ready.
document.documentElement.dataset.ready = 'true';

/** What exists beside a mock only. */
async function startMock() {
  const mockPoll = poll({
    load: loadMock,
    everyMs: EVERY_MS,
    onValue: (mock) => {
      byId('mock-gone').hidden = true;
      showMock(mock);
      showJournal(mock);
    },
    onState: () => {},
    // The sample answers 502 when the mock does not answer.
    onError: () => {
      byId('mock-gone').hidden = false;
    },
  });
  const list = await loadIdentities();
  startPlayground({ list, onPick: (identity) => void pick(identity), onChoose: (name) => void choose(name) });
  byId('fresh').addEventListener('click', () => void offerFresh());
  byId('reset').addEventListener('click', () => void resetAll());
  await mockPoll.refresh();

  question.onAnswered(() => void mockPoll.refresh());

  /** A test identity is asked about at once, and alone: what the one before it closed does not answer for it. */
  async function pick(identity) {
    fillIn(identity);
    if (!isInTrouble() && !byId('keep').checked) await attempt(() => undo('refusals'));
    submitForm();
  }

  async function choose(name) {
    await attempt(() => setTrouble(name));
    await Promise.all([mockPoll.refresh(), statusPoll.refresh()]);
    // The ledger would answer for somebody who was asked about before, and nothing would seem wrong.
    if (name !== 'none') await offerFresh();
    else byId('trouble-none').focus();
  }

  async function resetAll() {
    await attempt(async () => {
      await reset();
      question.forget();
      clearHistory();
      toast(text('resetDone'));
    });
    await Promise.all([mockPoll.refresh(), statusPoll.refresh()]);
  }
}

/** Fills in somebody whom nobody has asked about. */
async function offerFresh() {
  await attempt(async () => {
    fillIn(await loadFresh());
    byId('submit').focus();
  });
}

async function undoOne(what, identity) {
  await attempt(async () => {
    await undo(what, identity);
    toast(text('undone'));
    byId('submit').focus();
  });
  await statusPoll.refresh();
}

/** Runs an action of the playground; says so when the sample or the mock does not answer. */
async function attempt(action) {
  try {
    await action();
  } catch {
    toast(text('actionFailed'), 'bad');
    await statusPoll.refresh();
  }
}

/** Every panel that follows the server says so when it does not answer. */
function drawConnection(state) {
  const isGone = state === 'gone';
  const since = lastSeen === undefined ? '' : timeOfDay(lastSeen);
  byId('gone').hidden = !isGone;
  byId('gone-text').textContent = isGone ? text('goneText', { since }) : '';
  for (const panel of document.querySelectorAll('[data-follows]')) {
    panel.classList.toggle('gone', isGone);
    panel.querySelector('.gone-badge').hidden = !isGone;
  }
}
