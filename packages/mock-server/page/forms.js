import { byId, fill, make } from './kit/dom.js';
import { field, select, showProblem } from './kit/parts.js';
import { language, text } from './language.js';
import { allScenarios, scenarioOf } from './scenarios.js';

/**
 * A field of a form of the page: a number, a text or a choice.
 *
 * @typedef {object} FieldOf
 * @property {string} name unique in its form
 * @property {string} label key of the label
 * @property {string} [hint] key of the hint
 * @property {'whole' | 'decimal' | 'text'} [kind] default: `choice` or `text`
 * @property {number} [most] largest number
 * @property {() => readonly (readonly [value: string, label: string])[]} [choices]
 * @property {string} [start] value at the start
 * @property {string} [className]
 */

/**
 * Draws a form and keeps what was typed when the language changes.
 *
 * @param {string} id of the form
 * @param {() => readonly FieldOf[]} fields
 * @param {() => readonly HTMLElement[]} buttons
 * @param {() => void} onSubmit
 * @returns {() => void} draws it again
 */
export function startForm(id, fields, buttons, onSubmit) {
  const form = byId(id);
  const draw = () => {
    const typed = new Map(fields().map(({ name }) => [name, valueOf(id, name)]));
    const drawn = fields().map((each) => {
      const { name, label, hint, kind = 'text', choices, start, className = 'field' } = each;
      const value = typed.get(name) ?? start ?? '';
      const input =
        choices === undefined
          ? make('input', { name, value, inputmode: INPUT_MODES[kind], autocomplete: 'off', maxlength: 64 })
          : select(choices(), value, { name });
      const made = field({
        id: `${id}-${name}`,
        label: text(/** @type {any} */ (label)),
        ...(hint !== undefined && { hint: text(/** @type {any} */ (hint)) }),
        input,
      });
      made.className = className;
      return made;
    });
    fill(form, ...drawn, make('div.actions', {}, ...buttons()));
  };
  form.addEventListener('submit', (/** @type {Event} */ event) => {
    event.preventDefault();
    onSubmit();
  });
  language.onChange(draw);
  return draw;
}

const INPUT_MODES = { whole: 'numeric', decimal: 'decimal', text: 'text' };

/** @param {string} form @param {string} name @returns {string | undefined} */
export function valueOf(form, name) {
  const input = /** @type {HTMLInputElement | null} */ (document.getElementById(`${form}-${name}`));
  return input?.value.trim();
}

/** @param {string} form @param {string} name @param {string | number | null | undefined} value */
export function setValue(form, name, value) {
  const input = /** @type {HTMLInputElement | null} */ (document.getElementById(`${form}-${name}`));
  if (input !== null) input.value = String(value ?? '');
}

/**
 * Reads a number; an empty field is `undefined`.
 *
 * @param {string} form
 * @param {string} name
 * @param {{ scale?: number }} [options] `scale`: the number is multiplied and rounded, such as hours to milliseconds
 * @returns {number | undefined}
 * @throws {FieldError} after the field has been marked
 */
export function numberOf(form, name, { scale } = {}) {
  const typed = valueOf(form, name) ?? '';
  const id = `${form}-${name}`;
  const pattern = scale === undefined ? /^\d{1,15}$/ : /^\d{1,12}(?:\.\d{1,6})?$/;
  const isWrong = typed !== '' && !pattern.test(typed);
  showProblem(id, isWrong ? text('notANumber') : undefined);
  if (isWrong) {
    byId(id).focus();
    throw new FieldError();
  }
  return typed === '' ? undefined : Math.round(Number(typed) * (scale ?? 1));
}

/** A field is wrong, and says so. */
export class FieldError extends Error {}

/**
 * Runs `work` unless a field is wrong.
 *
 * @param {() => Promise<unknown>} work
 */
export async function withFields(work) {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof FieldError)) throw error;
  }
}

/** The scenarios as choices. */
export const scenarioChoices = () => allScenarios().map(({ id }) => /** @type {const} */ ([id, id]));

/**
 * The documented statuses of a scenario as choices; the first is the scenario's own.
 *
 * @param {string | undefined} scenario
 * @returns {readonly (readonly [value: string, label: string])[]}
 */
export const statusChoices = (scenario) => [
  ['', text('statusOfScenario')],
  ...(scenarioOf(scenario ?? null)?.statuses ?? []).map((each) => /** @type {const} */ ([String(each), String(each)])),
];

/**
 * Leaves out what is undefined, so that the admin API applies its default.
 *
 * @param {Record<string, unknown>} values
 */
export const given = (values) => Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
