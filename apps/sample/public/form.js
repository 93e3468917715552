import { byId } from './kit/dom.js';
import { showProblem } from './kit/parts.js';
import { onLanguage, reasonText } from './language.js';
import { check } from './person.js';

const FIELDS = ['name', 'idCard', 'mobile'];

/** Fields that the user has left at least once. Errors of other fields are not shown yet. */
const touched = new Set();
/** Violations that only the server reported, by field. */
let fromServer = new Map();
let changed = () => {};

/**
 * Validates the form with the rules of the module.
 *
 * @param {object} of
 * @param {(entered: object, normalised: object) => void} of.onSubmit called with a well-formed identity
 * @param {() => void} of.onChange called when a field changes, also by {@link fillIn}
 */
export function startForm({ onSubmit, onChange }) {
  changed = onChange;
  for (const field of FIELDS) {
    const input = byId(field);
    input.addEventListener('blur', () => {
      if (input.value !== '') touched.add(field);
      show();
    });
    input.addEventListener('input', () => {
      fromServer.delete(field);
      show();
      changed();
    });
  }
  byId('form').addEventListener('submit', (event) => {
    event.preventDefault();
    for (const field of FIELDS) touched.add(field);
    const { wrong, identity } = show();
    if (wrong.size === 0) onSubmit(entered(), identity);
    else byId(FIELDS.find((field) => wrong.has(field))).focus();
  });
  onLanguage(show);
}

/** Fills in the form. @param {{ name: string, idCard: string, mobile: string }} identity */
export function fillIn(identity) {
  fromServer = new Map();
  for (const field of FIELDS) byId(field).value = identity[field];
  show();
  changed();
}

/** Submits the form, as the button does. */
export const submitForm = () => byId('form').requestSubmit();

/** Marks the fields that the server refused. @param {readonly { field: string, reason: string }[]} violations */
export function mark(violations) {
  fromServer = new Map(violations.map(({ field, reason }) => [field, reason]));
  for (const field of fromServer.keys()) touched.add(field);
  show();
}

const entered = () => Object.fromEntries(FIELDS.map((field) => [field, byId(field).value]));

function show() {
  const checked = check(entered());
  const wrong = new Map(checked.ok ? [] : checked.violations.map(({ field, reason }) => [field, reason]));
  for (const field of FIELDS) {
    const reason = touched.has(field) ? (wrong.get(field) ?? fromServer.get(field)) : undefined;
    showProblem(field, reason === undefined ? undefined : reasonText(reason));
  }
  return { wrong, identity: checked.ok ? checked.identity : undefined };
}
