import { setPrice, showAnswer, showAsking, startAnswer } from './answer.js';
import { verify } from './api.js';
import { byId } from './dom.js';
import { fill, mark, startForm } from './form.js';
import { onLanguage, startLanguage, text } from './language.js';
import { refreshJournal, startPlayground } from './playground.js';
import { startStatus } from './status.js';
import { money } from './money.js';

let live = false;
let price = '';

startLanguage();
startAnswer();
startForm((identity) => void ask(identity));
onLanguage(writeConfirmation);
const refreshStatus = startStatus((status) => {
  live = status.live;
  price = money(status.fenPerCall);
  setPrice(status.fenPerCall);
  writeConfirmation();
});

await refreshStatus();
if (!live) {
  await startPlayground((identity) => {
    fill(identity);
    byId('form').querySelector('[type=submit]').focus();
  });
  await refreshJournal();
}
// Signals to tests and browser automation that the page is ready.
document.documentElement.dataset.ready = 'true';

async function ask(identity) {
  if (live && !(await confirmed())) return;
  const submit = byId('form').querySelector('[type=submit]');
  submit.disabled = true;
  showAsking();
  const result = await verify(identity, live);
  showAnswer(result);
  if (result?.body.violations) mark(result.body.violations);
  submit.disabled = false;
  submit.focus();
  await Promise.all([refreshStatus(), ...(live ? [] : [refreshJournal()])]);
}

/** Asks the user to confirm the cost. */
function confirmed() {
  const dialog = byId('confirm');
  dialog.returnValue = 'no';
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'), { once: true });
  });
}

function writeConfirmation() {
  byId('confirm-text').textContent = text('confirmText', { price });
}
