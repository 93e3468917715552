import { byId, fill, keepList, make, setText } from './kit/dom.js';
import { billedBadge, codeBadge, maskedPerson } from './kit/parts.js';
import { duration, onLanguage, text, timeOfDay } from './language.js';

/** The columns: the text key of the heading, and the cell of an entry. */
const COLUMNS = [
  { name: 'time', cell: ({ at }) => timeOfDay(at) },
  { name: 'person', cell: ({ person }) => maskedPerson(person) },
  { name: 'scenario', cell: ({ scenario, decidedBy }) => scenario ?? text(`decided_${decidedBy}`) },
  { name: 'code', cell: ({ code, httpStatus }) => codeBadge(code ?? (httpStatus && `HTTP ${httpStatus}`)) },
  { name: 'paid', cell: ({ billed, fen }) => billedBadge(billed, text(`cost_${billed}`), fen) },
  { name: 'latency', cell: ({ latencyMs }) => (latencyMs === 0 ? '–' : duration(latencyMs)) },
];

/** @type {{ calls: object[], total: number } | undefined} */
let shown;

/** Shows the newest calls that arrived at the mock, whoever made them. */
export function startJournal() {
  onLanguage(() => {
    fill(byId('journal-head'), ...COLUMNS.map(({ name }) => make('th', { scope: 'col' }, text(name))));
    byId('journal').replaceChildren();
    draw();
  });
}

/** @param {{ calls: object[], total: number }} mock */
export function showJournal(mock) {
  shown = mock;
  draw();
}

function draw() {
  if (shown === undefined) return;
  setText(byId('journal-total'), text('journalTotal', { n: shown.total }));
  const empty = shown.calls.length === 0;
  byId('journal-empty').hidden = !empty;
  // After a reset of the mock the indexes begin again; the request id tells the calls apart.
  keepList(byId('journal'), shown.calls, {
    key: ({ requestId, index }) => `${index} ${requestId}`,
    state: ({ requestId }) => requestId,
    draw: (entry) => make('tr', {}, ...COLUMNS.map(({ cell }) => make('td', {}, cell(entry)))),
  });
}
