import { load, setTrouble } from './api.js';
import { byId, element } from './dom.js';
import { descriptionOf, onLanguage, text, timeOfDay } from './language.js';
import { money } from './money.js';

const TROUBLES = ['none', 'busy', 'quota', 'slow', 'dropping'];
const GROUPS = ['people', 'state', 'code', 'gateway', 'fault'];
/** The columns of the journal: the text key of the heading, and the cell of an entry. */
const COLUMNS = [
  { name: 'time', cell: ({ at }) => timeOfDay(at) },
  { name: 'person', cell: ({ person }) => (person === null ? '–' : `${person.name} ${person.mobile}`) },
  { name: 'scenario', cell: ({ scenario }) => scenario ?? '–' },
  { name: 'code', tag: 'td.mono', cell: ({ code, httpStatus }) => code ?? String(httpStatus ?? '–') },
  { name: 'paid', cell: ({ billed, fen }) => text(`paid_${billed}`, { price: money(fen) }) },
];
const OPEN_AT_FIRST = new Set(['people', 'state']);

let trouble = 'none';
let identities = [];
let journal = [];

/** Renders the test identities and the simulated failures. @param onPick called with the clicked identity */
export async function startPlayground(onPick) {
  onLanguage(drawTrouble);
  identities = (await load('/playground/identities')) ?? [];
  onLanguage(() => drawIdentities(onPick));
  onLanguage(drawJournal);
}

/** Loads the journal of the mock. */
export async function refreshJournal() {
  const { entries = [] } = (await load('/playground/journal')) ?? {};
  journal = entries.toSorted((one, other) => other.index - one.index);
  drawJournal();
}

function drawTrouble() {
  const buttons = TROUBLES.map((name) => {
    const choose = async () => {
      if (await setTrouble(name)) trouble = name;
      drawTrouble();
      byId(`trouble-${name}`).focus();
    };
    return element(
      'button',
      { type: 'button', id: `trouble-${name}`, 'aria-pressed': String(name === trouble), onclick: () => void choose() },
      text(`trouble_${name}`),
    );
  });
  byId('trouble').replaceChildren(...buttons);
}

function drawIdentities(onPick) {
  const open = new Set([...byId('identities').querySelectorAll('details[open]')].map(({ id }) => id));
  const first = byId('identities').childElementCount === 0;
  const sections = GROUPS.map((group) => {
    const chips = identities
      .filter((identity) => identity.group === group)
      .map((identity) =>
        element(
          'button.identity',
          { type: 'button', onclick: () => onPick(identity) },
          element('span.mono', {}, identity.mobile.slice(-5)),
          descriptionOf(identity),
        ),
      );
    const details = element('details', { id: `group-${group}` }, element('summary', {}, text(`group_${group}`)));
    details.append(element('div.choices', {}, ...chips));
    details.open = first ? OPEN_AT_FIRST.has(group) : open.has(details.id);
    return details;
  });
  byId('identities').replaceChildren(...sections);
}

function drawJournal() {
  const heads = COLUMNS.map(({ name }) => element('th', { scope: 'col' }, text(name)));
  byId('journal-head').replaceChildren(...heads);
  const rows = journal.map((entry) => {
    const cells = COLUMNS.map(({ tag = 'td', cell }) => element(tag, {}, cell(entry)));
    return element('tr', {}, ...cells);
  });
  if (rows.length === 0) {
    rows.push(element('tr', {}, element('td', { colspan: String(COLUMNS.length) }, text('journalEmpty'))));
  }
  byId('journal').replaceChildren(...rows);
}
