import { withoutRadicals } from './cjk-radicals.data.js';
import { isLabelledName } from './field-label.rule.js';
import type { DocumentKind } from './id-number.rule.js';
import { isLatinName, LATIN_LETTER, marksAreMisplaced, normaliseLatin } from './latin-name.rule.js';
import {
  hasHiddenCharacter,
  isPaddedInvisibly,
  MAX_INPUT_LENGTH,
  toHalfWidth,
  WHITE_SPACE,
  withoutIgnored,
} from './pasted-text.rule.js';
import type { NameReason } from './refusal-reasons.data.js';
import type { RuleResult } from '../errors/violation.types.js';

const MIN_CODE_POINTS = 2;
const MAX_CODE_POINTS = 50;

// Dots that look like the middle dot of names such as 阿依古丽·买买提. Unicode normalisation does not unify them, and
// rewrites some ideographs, so they are mapped by hand.
const LOOK_ALIKE_DOTS = /[\u0387\u2022\u2027\u2219\u22c5\u25cf\u2e31\u30fb\uff65]/g;
// These stand for the middle dot only between ideographs: elsewhere they are full stops, letters or signs. They are what
// Unicode lists as confusable with it (confusables.txt), small full stops, and bullets.
const DOT_BETWEEN_HAN =
  /(\p{Script=Han}) ?[.\u119e\u1427\u16eb\u2024\u23fa\u25aa\u25e6\u26ab\u2981\u2b24\u2e33\u318d\ua78f\ufe52\u{10101}] ?(?=\p{Script=Han})/gu;
const SPACE_BETWEEN_HAN = /(\p{Script=Han}) (?=\p{Script=Han})/gu;
const MIDDLE_DOT = '\u00b7';

// Ideographs of every plane, the zero 〇, and compatibility ideographs as they are. Narrower than Script=Han, which has
// radicals, numerals and repetition marks too.
const IDEOGRAPH = '\\p{Unified_Ideograph}\\u3007\\uf900-\\ufa6d\\ufa70-\\ufad9\\u{2f800}-\\u{2fa1d}';
const HAN_NAME = new RegExp(`^[${IDEOGRAPH}]+(?:${MIDDLE_DOT}[${IDEOGRAPH}]+)*$`, 'u');
const PLAIN = /^[\u4e00-\u9fff]+$/;

const PUNCTUATION = "'.,\u00b7 -";
const ONLY_MISPLACED_PUNCTUATION = new RegExp(
  `^(?:[${IDEOGRAPH}${PUNCTUATION}]+|[${LATIN_LETTER}\\p{M}${PUNCTUATION}]+)$`,
  'u',
);

/** In this order: the reason that comes first explains what the others would only describe. */
const REASONS: readonly (readonly [NameReason, (name: string) => boolean])[] = [
  ['name_invisible_character', hasHiddenCharacter],
  ['name_private_use', (name) => /\p{Co}/u.test(name)],
  ['name_radical', (name) => /[\u2e80-\u2fdf\u31c0-\u31ef]/.test(name)],
  ['name_numeral', (name) => /[\u3021-\u3029\u3038-\u303a]/.test(name)],
  ['name_other_script', (name) => /(?![\p{Script_Extensions=Latin}\p{Script_Extensions=Han}])\p{L}/u.test(name)],
  ['name_marks', marksAreMisplaced],
  ['name_punctuation', (name) => ONLY_MISPLACED_PUNCTUATION.test(name)],
];

/**
 * Strips format characters and variation selectors, and white space around the name and between ideographs; maps the
 * look-alikes of the middle dot to U+00B7 and radicals to their ideographs; composes Latin letters with their marks.
 * Rewrites no ideograph.
 */
export function normaliseName(input: string): string {
  if (PLAIN.test(input)) return input;
  const text = withoutIgnored(input);
  if (text === undefined) return input;
  const name = withoutRadicals(toHalfWidth(text))
    .replace(WHITE_SPACE, ' ')
    .trim()
    .replace(LOOK_ALIKE_DOTS, MIDDLE_DOT)
    .replace(/ ?\u00b7 ?/g, MIDDLE_DOT)
    .replace(DOT_BETWEEN_HAN, `$1${MIDDLE_DOT}`)
    .replace(SPACE_BETWEEN_HAN, '$1');
  return normaliseLatin(name);
}

/**
 * Checks a name: ideographs of every plane, parts joined by a middle dot, counted in code points; or Latin letters
 * where the document is a foreigner's permit.
 *
 * @param kind the document that the ID number belongs to, where that is known
 */
export function checkName(input: unknown, kind?: DocumentKind): RuleResult<string, NameReason> {
  if (input === undefined || input === null) return refuse('name_required');
  if (typeof input !== 'string') return refuse('name_type');
  if (input.length > MAX_INPUT_LENGTH) {
    return refuse(isPaddedInvisibly(input) ? 'name_invisible_character' : 'name_length');
  }
  const name = normaliseName(input);
  if (name === '') return refuse('name_required');
  if (isLabelledName(input)) return refuse('name_label');
  const latin = !HAN_NAME.test(name);
  if (latin && !isLatinName(name)) {
    return refuse(REASONS.find(([, applies]) => applies(name))?.[0] ?? 'name_characters');
  }
  // Code points without marks: rare ideographs are two UTF-16 units, and a letter may keep its mark apart.
  const length = PLAIN.test(name) ? name.length : Array.from(name.replace(/\p{M}/gu, '')).length;
  if (length < MIN_CODE_POINTS || length > MAX_CODE_POINTS) return refuse('name_length');
  if (latin && kind !== undefined && kind !== 'foreigner_permit') return refuse('name_latin_not_accepted');
  return { ok: true, value: name };
}

function refuse(reason: NameReason): { ok: false; reason: NameReason } {
  return { ok: false, reason };
}
