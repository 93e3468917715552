import type { DocumentKind } from './id-number.rule.js';
import type { RuleResult } from './violation.types.js';

/** Reasons for refusing a name, with a sentence for a person. */
export const NAME_REASONS = {
  name_required: 'The name is missing.',
  name_length: 'A name has 2 to 50 characters.',
  name_private_use:
    'The name contains a private-use character, which other systems show as something else. Enter the character as it is in Unicode, by a current input method.',
  name_characters: 'The name contains characters that no name on an identity document has.',
  name_latin_not_accepted: 'A name in Latin letters is accepted only together with the permit of a foreigner.',
} as const;

export type NameReason = keyof typeof NAME_REASONS;

const MIN_CODE_POINTS = 2;
const MAX_CODE_POINTS = 50;

// Dots that look like the middle dot of names such as 阿依古丽·买买提. Unicode normalisation does not unify them, and
// rewrites some ideographs, so they are mapped by hand.
const LOOK_ALIKE_DOTS = /[\u2022\u2027\u2219\u22c5\u30fb\uff65\uff0e]/g;
const MIDDLE_DOT = '\u00b7';

const PRIVATE_USE = /\p{Co}/u;
const HAN_NAME = /^\p{Script=Han}+(?:\u00b7\p{Script=Han}+)*$/u;
const LATIN_NAME = /^\p{Script=Latin}[\p{Script=Latin}\p{M}'’.,\u00b7 -]*$/u;

/** Trims, and maps the look-alikes of the middle dot to U+00B7. Changes no other character. */
export function normaliseName(input: string): string {
  return input.trim().replace(LOOK_ALIKE_DOTS, MIDDLE_DOT);
}

/**
 * Checks a name: Han ideographs of every plane, parts joined by a middle dot, counted in code points; or Latin letters
 * where the document is a foreigner's permit.
 *
 * @param kind the document that the ID number belongs to, where that is known
 */
export function checkName(input: unknown, kind?: DocumentKind): RuleResult<string, NameReason> {
  if (input === undefined || input === null) return refuse('name_required');
  if (typeof input !== 'string') return refuse('name_characters');
  if (input.length > 256) return refuse('name_length');
  const name = normaliseName(input);
  if (name === '') return refuse('name_required');
  if (PRIVATE_USE.test(name)) return refuse('name_private_use');
  const latin = LATIN_NAME.test(name);
  if (!latin && !HAN_NAME.test(name)) return refuse('name_characters');
  const length = Array.from(name).length; // code points: rare ideographs are two UTF-16 units
  if (length < MIN_CODE_POINTS || length > MAX_CODE_POINTS) return refuse('name_length');
  if (latin && kind !== undefined && kind !== 'foreigner_permit') return refuse('name_latin_not_accepted');
  return { ok: true, value: name };
}

function refuse(reason: NameReason): { ok: false; reason: NameReason } {
  return { ok: false, reason };
}
