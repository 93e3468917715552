import { isLabelledNumber } from './field-label.rule.js';
import {
  hasForeignDigit,
  hasHiddenCharacterInNumber,
  isPaddedInvisibly,
  MAX_INPUT_LENGTH,
  NUMBER_SEPARATORS,
  toHalfWidth,
  withoutIgnored,
} from './pasted-text.rule.js';
import type { IdNumberReason } from './refusal-reasons.data.js';
import type { RuleResult } from '../errors/violation.types.js';

/**
 * The documents whose numbers have 18 characters.
 *
 * - `resident`: resident identity card;
 * - `hmt_permit`: residence permit for Hong Kong, Macao and Taiwan residents (begins 810000, 820000, 830000);
 * - `foreigner_permit`: permanent residence card for foreigners as issued since December 2023 (begins with 9).
 */
export type DocumentKind = 'resident' | 'hmt_permit' | 'foreigner_permit';

/** Every kind of document, in the order of how common it is. */
export const DOCUMENT_KINDS = ['resident', 'hmt_permit', 'foreigner_permit'] as const satisfies readonly DocumentKind[];

export interface CheckedIdNumber {
  /** 18 characters, the check character in upper case. */
  readonly idCard: string;
  readonly kind: DocumentKind;
}

export interface IdNumberRuleOptions {
  /** @default every kind */
  readonly acceptedDocuments?: readonly DocumentKind[] | undefined;
  /** Today in Asia/Shanghai as a number `yyyymmdd`: a date of birth cannot be later. */
  readonly today: number;
}

// Two leading digits of GB/T 2260. Districts below them go stale, and retired codes stay valid for life.
const PROVINCES = new Set(
  '11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71'.split(' '),
);
const PERMIT_REGIONS = new Set(['810000', '820000', '830000']);

// ISO 7064 MOD 11-2, as GB 11643 applies it.
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2] as const;
const CHECK_CHARACTERS = '10X98765432';

const OLDEST_AGE_YEARS = 150;

const PLAIN = /^\d{17}[\dX]$/;

// Signs, and Cyrillic and Greek letters; other styles of x are found by compatibility.
const LOOK_ALIKES_OF_X = '\u00d7\u2573\u2715\u2716\u2717\u2718\u2a2f\u0425\u0445\u03a7\u03c7';

/**
 * Strips white space, dashes, format characters and variation selectors, turns full-width characters into ASCII and a
 * small x into X. Changes nothing else.
 */
export function normaliseIdNumber(input: string): string {
  if (PLAIN.test(input)) return input;
  const text = withoutIgnored(input);
  return text === undefined ? input : toHalfWidth(text).replace(NUMBER_SEPARATORS, '').replaceAll('x', 'X');
}

/**
 * Checks an ID number of 18 characters: region, date of birth, check character, kind of document. Free of charge, and
 * says nothing about whether the number was ever issued.
 */
export function checkIdNumber(
  input: unknown,
  options: IdNumberRuleOptions,
): RuleResult<CheckedIdNumber, IdNumberReason> {
  if (input === undefined || input === null) return refuse('id_number_required');
  if (typeof input !== 'string') return refuse('id_number_type');
  if (input.length > MAX_INPUT_LENGTH) {
    return refuse(isPaddedInvisibly(input) ? 'id_number_invisible_character' : 'id_number_format');
  }
  const idCard = normaliseIdNumber(input);
  if (!PLAIN.test(idCard)) return refuse(reasonForForm(idCard, input));
  if (checkCharacter(idCard) !== idCard[17]) return refuse('id_number_check_character');
  const kind = kindOf(idCard);
  if (!kind) return refuse('id_number_region');
  if (!isBirthDate(Number(idCard.slice(6, 14)), options.today)) return refuse('id_number_birth_date');
  if (options.acceptedDocuments && !options.acceptedDocuments.includes(kind)) return refuse('id_number_kind');
  return { ok: true, value: { idCard, kind } };
}

function reasonForForm(idCard: string, input: string): IdNumberReason {
  if (idCard === '') return 'id_number_required';
  if (/^\d{15}$/.test(idCard)) return 'id_number_fifteen_digits';
  if (isLabelledNumber(input)) return 'id_number_label';
  if (hasHiddenCharacterInNumber(idCard)) return 'id_number_invisible_character';
  if (/^\d{17}\D{1,2}$/.test(idCard) && looksLikeX(idCard.slice(17))) return 'id_number_x';
  return hasForeignDigit(idCard) ? 'id_number_digits' : 'id_number_format';
}

function looksLikeX(character: string): boolean {
  return LOOK_ALIKES_OF_X.includes(character) || character.normalize('NFKC').toUpperCase() === 'X';
}

/** The check character that belongs to the first 17 digits. */
export function checkCharacter(digits: string): string {
  let sum = 0;
  for (let i = 0; i < 17; i++) sum += (digits.charCodeAt(i) - 48) * WEIGHTS[i]!;
  return CHECK_CHARACTERS[sum % 11]!;
}

function kindOf(idCard: string): DocumentKind | undefined {
  // On the foreigners' card the 9 is followed by the province that issued it and a country number, then the date.
  if (idCard.startsWith('9')) return PROVINCES.has(idCard.slice(1, 3)) ? 'foreigner_permit' : undefined;
  if (PERMIT_REGIONS.has(idCard.slice(0, 6))) return 'hmt_permit';
  return PROVINCES.has(idCard.slice(0, 2)) ? 'resident' : undefined;
}

function isBirthDate(yyyymmdd: number, today: number): boolean {
  const year = Math.floor(yyyymmdd / 10_000);
  const month = Math.floor(yyyymmdd / 100) % 100;
  const day = yyyymmdd % 100;
  if (month < 1 || month > 12 || day < 1) return false;
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = month === 2 ? (leap ? 29 : 28) : month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
  return day <= days && yyyymmdd <= today && year >= Math.floor(today / 10_000) - OLDEST_AGE_YEARS;
}

function refuse(reason: IdNumberReason): { ok: false; reason: IdNumberReason } {
  return { ok: false, reason };
}
