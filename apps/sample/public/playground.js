import { byId, fill, make, setText } from './kit/dom.js';
import { descriptionOf, onLanguage, text } from './language.js';

const TROUBLES = ['none', 'busy', 'quota', 'slow', 'dropping', 'hanging'];
/** Troubles that end after a number of calls. */
const QUEUED = new Set(['busy', 'dropping', 'hanging', 'other']);
const GROUPS = ['people', 'state', 'code', 'gateway', 'fault'];
const OPEN_AT_FIRST = new Set(['people', 'state', 'code']);

let identities = [];
/** @type {object | undefined} */
let mock;
let onTrouble = () => {};

/** Whether the mock is in trouble, as it says itself. */
export const isInTrouble = () => mock !== undefined && mock.trouble !== 'none';

/**
 * Renders the test identities and the troubles.
 *
 * @param {object} of
 * @param {readonly object[]} of.list the test identities
 * @param {(identity: object) => void} of.onPick called with the clicked identity
 * @param {(name: string) => void} of.onChoose called with the clicked trouble
 */
export function startPlayground({ list, onPick, onChoose }) {
  identities = list;
  onTrouble = onChoose;
  onLanguage(drawTrouble);
  onLanguage(() => drawIdentities(onPick));
}

/** @param {object} next the reply of `GET /playground/mock` */
export function showMock(next) {
  const differs = mock?.trouble !== next.trouble || mock?.queueLength !== next.queueLength;
  mock = next;
  byId('mock-page').href = `${next.url}/#ns=${next.namespace}`;
  if (differs) drawTrouble();
}

function drawTrouble() {
  if (mock === undefined) return;
  const { trouble, queueLength } = mock;
  const place = byId('trouble');
  if (place.childElementCount === 0) {
    for (const name of TROUBLES) {
      place.append(make(`button#trouble-${name}`, { type: 'button', onclick: () => onTrouble(name) }));
    }
  }
  for (const name of TROUBLES) {
    const button = byId(`trouble-${name}`);
    setText(button, text(`trouble_${name}`));
    button.setAttribute('aria-pressed', String(name === trouble));
  }
  const words = [];
  if (trouble !== 'none') words.push(text(`trouble_${trouble}_meaning`));
  if (QUEUED.has(trouble)) words.push(text('troubleLeft', { n: queueLength }));
  byId('trouble-state').hidden = words.length === 0;
  setText(byId('trouble-state'), words.join(' '));
}

function drawIdentities(onPick) {
  const place = byId('identities');
  const open = new Set([...place.querySelectorAll('details[open]')].map(({ id }) => id));
  const isFirst = place.childElementCount === 0;
  const sections = GROUPS.map((group) => {
    const own = identities.filter((identity) => identity.group === group);
    const chips = own.map((identity) =>
      make(
        'button.identity',
        { type: 'button', onclick: () => onPick(identity) },
        make('span.mono', {}, identity.mobile.slice(-5)),
        descriptionOf(identity),
      ),
    );
    const count = make('span.count', {}, own.length);
    const summary = make('summary', {}, text(`group_${group}`), ' ', count);
    return make(
      'details',
      { id: `group-${group}`, open: isFirst ? OPEN_AT_FIRST.has(group) : open.has(`group-${group}`) },
      summary,
      make('div.choices', {}, ...chips),
    );
  });
  fill(place, ...sections);
}
