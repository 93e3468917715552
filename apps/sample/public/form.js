import { checkIdentity } from './rules/identity.check.js';
import { byId } from './dom.js';
import { onLanguage, reasonText } from './language.js';

const FIELDS = ['name', 'idCard', 'mobile'];
const SHANGHAI_OFFSET_MS = 8 * 3_600_000;

/** Fields that the user has left at least once. Errors of other fields are not shown yet. */
const touched = new Set();
/** Violations that only the server reported, by field. */
let fromServer = new Map();

/** Validates the form with the rules of the module. @param ask called with a well-formed identity on submit */
export function startForm(ask) {
  for (const field of FIELDS) {
    const input = byId(field);
    input.addEventListener('blur', () => {
      if (input.value !== '') touched.add(field);
      show();
    });
    input.addEventListener('input', () => {
      fromServer.delete(field);
      show();
    });
  }
  byId('form').addEventListener('submit', (event) => {
    event.preventDefault();
    for (const field of FIELDS) touched.add(field);
    const wrong = show();
    if (wrong.size === 0) ask(entered());
    else byId(FIELDS.find((field) => wrong.has(field))).focus();
  });
  onLanguage(show);
}

/** Fills in the form. */
export function fill(identity) {
  fromServer = new Map();
  for (const field of FIELDS) byId(field).value = identity[field];
  show();
}

/** Marks the fields that the server refused. */
export function mark(violations) {
  fromServer = new Map(violations.map(({ field, reason }) => [field, reason]));
  for (const field of fromServer.keys()) touched.add(field);
  show();
}

const entered = () => Object.fromEntries(FIELDS.map((field) => [field, byId(field).value]));

function show() {
  const today = Number(new Date(Date.now() + SHANGHAI_OFFSET_MS).toISOString().slice(0, 10).replaceAll('-', ''));
  const checked = checkIdentity(entered(), { today });
  const wrong = new Map(checked.ok ? [] : checked.violations.map(({ field, reason }) => [field, reason]));
  for (const field of FIELDS) {
    const reason = touched.has(field) ? (wrong.get(field) ?? fromServer.get(field)) : undefined;
    byId(`${field}-problem`).textContent = reason === undefined ? '' : reasonText(reason);
    byId(field).setAttribute('aria-invalid', String(reason !== undefined));
  }
  return wrong;
}
