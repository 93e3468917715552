import { load } from './api.js';
import { byId, element } from './dom.js';
import { onLanguage, text, timeOfDay } from './language.js';
import { money } from './money.js';

let status;

/** Shows spending and state, and refreshes them every 3 seconds. @param onStatus called with every status */
export function startStatus(onStatus) {
  const refresh = async () => {
    if (document.hidden) return;
    status = (await load('/status')) ?? status;
    if (status === undefined) return;
    onStatus(status);
    draw();
  };
  onLanguage(draw);
  setInterval(() => void refresh(), 3_000);
  return refresh;
}

function draw() {
  if (status === undefined) return;
  const { live, ledger, ledgerAnswers, fenPerCall, circuit, latch } = status;
  byId('mode').textContent = text(live ? 'live' : 'mock');
  byId('mode').classList.toggle('live', live);
  byId('live-warning').hidden = !live;
  byId('live-warning').textContent = text('liveWarning', { price: money(fenPerCall) });
  for (const section of document.querySelectorAll('.mock-only')) section.hidden = live;

  const list = byId('status');
  list.replaceChildren();
  const add = (term, value, tone = 'plain') =>
    list.append(element('dt', {}, text(term)), element(`dd.${tone}`, {}, value));
  if (ledgerAnswers) addSpending(status, add, list);
  add('ledger', text(`ledger_${ledger}`));
  if (!ledgerAnswers) add('ledgerState', text('ledgerSilent'), 'bad');
  add('circuit', text(`circuit_${circuit}`), circuit === 'closed' ? 'good' : 'bad');
  if (!ledgerAnswers) return; // only the ledger knows the latch
  add(
    'latch',
    latch === null ? text('latch_none') : text(`latch_${latch.name}`, { until: timeOfDay(latch.until) }),
    latch === null ? 'good' : 'bad',
  );
}

/** Shows what was spent, which only a ledger that answers knows. */
function addSpending({ today, thisMonth }, add, list) {
  const limit = today.calls + (today.callsLeft ?? 0);
  add('today', today.callsLeft === undefined ? String(today.calls) : text('of', { n: today.calls, limit }));
  if (today.callsLeft !== undefined) {
    const bar = element('progress', {
      max: String(Math.max(1, limit)),
      value: String(today.calls),
      'aria-label': text('today'),
    });
    list.append(element('dd.whole', {}, bar));
  }
  add('spentToday', money(today.cny * 100));
  add('spentMonth', money(thisMonth.cny * 100));
}
