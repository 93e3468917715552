import { byId, fill, make } from './kit/dom.js';
import { facts } from './kit/parts.js';
import { money } from './kit/format.js';
import { onLanguage, text, timeOfDay } from './language.js';

let status;

/** Shows spending and state. */
export function startStatus() {
  onLanguage(draw);
}

/** @param {object} next the reply of `GET /status` */
export function showStatus(next) {
  status = next;
  draw();
}

function draw() {
  if (status === undefined) return;
  const { live, ledger, ledgerAnswers, fenPerCall, circuit, latch, today, thisMonth, lending } = status;
  byId('mode').textContent = text(live ? 'live' : 'mock');
  byId('mode').className = `badge ${live ? 'bad' : 'good'}`;
  byId('live-warning').hidden = !live;
  byId('live-warning').textContent = text('liveWarning', { price: money(fenPerCall) });
  for (const section of document.querySelectorAll('.mock-only')) section.hidden = live;

  const rows = [
    ledgerAnswers && [text('today'), ofBudget(today)],
    ledgerAnswers && [
      text('spent'),
      text('spentWords', { day: money(today.cny * 100), month: money(thisMonth.cny * 100) }),
    ],
    [text('ledger'), text(`ledger_${ledger}`)],
    !ledgerAnswers && [text('ledgerState'), text('ledgerSilent'), 'bad'],
    [text('circuit'), text(`circuit_${circuit}`), circuit === 'closed' ? 'good' : 'bad'],
    // Only the ledger knows the latch.
    ledgerAnswers && [
      text('latch'),
      latch === null ? text('latch_none') : text(`latch_${latch.name}`, { until: timeOfDay(latch.until) }),
      latch === null ? 'good' : 'bad',
    ],
    lending.today !== null && [text('lending'), ofBudget(lending.today)],
  ];
  fill(byId('status'), ...facts(rows.filter(Boolean), 'dl.facts').children);
}

function ofBudget({ calls, callsLeft }) {
  if (callsLeft === undefined) return String(calls);
  const limit = calls + callsLeft;
  const words = text('of', { n: calls, limit });
  return make(
    'span.budget',
    {},
    words,
    make('progress', { max: Math.max(1, limit), value: calls, 'aria-label': words }),
  );
}
