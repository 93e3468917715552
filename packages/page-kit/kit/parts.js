import { make } from './dom.js';
import { money } from './format.js';

/** @typedef {'good' | 'bad' | 'warn' | 'neutral'} Tone */

/**
 * A word on a tinted ground.
 *
 * @param {string} text
 * @param {Tone} [tone]
 * @returns {HTMLElement}
 */
export const badge = (text, tone = 'neutral') => make(`span.badge.${tone}`, {}, text);

/**
 * A code of the upstream or of this module: copied as it is, in a fixed width.
 *
 * @param {string | number | null | undefined} code nothing is a dash
 * @returns {HTMLElement}
 */
export const codeBadge = (code) =>
  code === null || code === undefined ? make('span.none', {}, '–') : make('code.code', {}, code);

/** The tones of what a call costs. @type {Record<'yes' | 'no' | 'unknown', Tone>} */
const BILLED_TONES = { yes: 'good', no: 'neutral', unknown: 'warn' };

/**
 * Whether a call is paid for.
 *
 * @param {'yes' | 'no' | 'unknown'} billed
 * @param {string} text
 * @param {number} [fen] shown behind the text
 * @returns {HTMLElement}
 */
export const billedBadge = (billed, text, fen) =>
  badge(fen === undefined || fen === 0 ? text : `${text} ${money(fen)}`, BILLED_TONES[billed]);

/**
 * A masked person. The page never gets any other.
 *
 * @param {{ name: string, idCard: string, mobile: string } | null | undefined} person
 * @returns {HTMLElement}
 */
export const maskedPerson = (person) =>
  person
    ? make(
        'span.person',
        {},
        make('span', {}, person.name),
        ' ',
        make('span.mono', {}, person.idCard),
        ' ',
        make('span.mono', {}, person.mobile),
      )
    : make('span.none', {}, '–');

/**
 * A list of terms and their descriptions.
 *
 * @param {readonly (readonly [term: string, description: import('./dom.js').Child, className?: string])[]} rows rows
 *   without a description are left out
 * @param {string} [tag]
 * @returns {HTMLElement}
 */
export function facts(rows, tag = 'dl.facts') {
  const list = make(tag);
  for (const [term, description, className] of rows) {
    if (description === undefined || description === null || description === false) continue;
    list.append(make('dt', {}, term), make('dd', className ? { class: className } : {}, description));
  }
  return list;
}

/**
 * A field of a form: label, input, hint, and the place of its problem (`#<id>-problem`), tied together for screen
 * readers.
 *
 * @param {object} of
 * @param {string} of.id
 * @param {string} of.label
 * @param {string} [of.hint]
 * @param {HTMLElement} of.input gets the id
 * @returns {HTMLElement}
 */
export function field({ id, label, hint, input }) {
  input.id = id;
  input.setAttribute('aria-describedby', hint === undefined ? `${id}-problem` : `${id}-hint ${id}-problem`);
  return make(
    'div.field',
    {},
    make('label', { for: id }, label),
    input,
    hint !== undefined && make('p.hint', { id: `${id}-hint` }, hint),
    make('p.problem', { id: `${id}-problem` }),
  );
}

/**
 * Shows or clears the problem of a field made by {@link field}, or of markup with the same ids.
 *
 * @param {string} id
 * @param {string | undefined} problem
 */
export function showProblem(id, problem) {
  const input = document.getElementById(id);
  const place = document.getElementById(`${id}-problem`);
  if (place !== null && place.textContent !== (problem ?? '')) place.textContent = problem ?? '';
  input?.setAttribute('aria-invalid', String(problem !== undefined));
}

/**
 * A choice among values.
 *
 * @param {readonly (readonly [value: string, label: string])[]} options
 * @param {string} [chosen]
 * @param {Parameters<typeof make>[1]} [attributes]
 * @returns {HTMLSelectElement}
 */
export function select(options, chosen, attributes = {}) {
  return make(
    'select',
    attributes,
    ...options.map(([value, label]) => make('option', { value, selected: value === chosen }, label)),
  );
}
