import { load, setTrouble } from './api.js';
import { byId, element } from './dom.js';
import { onLanguage, text, timeOfDay } from './language.js';

const TROUBLES = ['none', 'busy', 'quota', 'slow', 'dropping'];
const GROUPS = ['people', 'state', 'code', 'gateway', 'fault'];
const OPEN_AT_FIRST = new Set(['people', 'state']);

let trouble = 'none';
let identities = [];
let journal = [];

/** Test identities to click, troubles to switch on. @param onPick called with the identity that was clicked */
export async function startPlayground(onPick) {
  onLanguage(drawTrouble);
  identities = (await load('/playground/identities')) ?? [];
  onLanguage(() => drawIdentities(onPick));
  onLanguage(drawJournal);
}

/** Reads what arrived at the mock. */
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
          identity.label,
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
  const rows = journal.map(({ at, person, scenario, code, httpStatus, billed, fen }) =>
    element(
      'tr',
      {},
      element('td', {}, timeOfDay(at)),
      element('td', {}, person === null ? '–' : `${person.name} ${person.mobile}`),
      element('td', {}, scenario ?? '–'),
      element('td.mono', {}, code ?? String(httpStatus ?? '–')),
      element('td', {}, text(`paid_${billed}`, { price: (fen / 100).toFixed(2) })),
    ),
  );
  if (rows.length === 0) rows.push(element('tr', {}, element('td', { colspan: '5' }, text('journalEmpty'))));
  byId('journal').replaceChildren(...rows);
}
