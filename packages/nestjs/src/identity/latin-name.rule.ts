/** Latin letters of the blocks Basic Latin to IPA Extensions, and Latin Extended Additional; for a character class. */
export const LATIN_LETTER =
  'A-Za-z\\u00c0-\\u00d6\\u00d8-\\u00f6\\u00f8-\\u01ba\\u01bc-\\u01bf\\u01c4-\\u0293\\u0295-\\u02af\\u1e00-\\u1eff';

/** The marks with which the Latin spellings of names are written: no enclosing ones, no strokes through a letter. */
const MARK = '\\u0300-\\u030d\\u030f\\u0311\\u031b\\u0323-\\u0328\\u032d\\u032e\\u0330\\u0331\\u0358';

const WORD = `(?:[${LATIN_LETTER}]\\p{M}*)+`;
const BETWEEN_WORDS = `\\.?,? |\\.?[-\u00b7]| ?' ?|\\.`;
const LATIN_NAME = new RegExp(`^${WORD}(?:(?:${BETWEEN_WORDS})${WORD})*\\.?$`, 'u');

// A mark that is in no spelling, or stands on nothing; the same mark twice; more than two on a letter. Once a letter is
// composed, no spelling leaves more than one.
const MISPLACED_MARK = new RegExp(
  `(?![${MARK}])\\p{M}|(?:^|[^${LATIN_LETTER}\\p{M}])\\p{M}|(\\p{M})\\1|\\p{M}{3}`,
  'u',
);

// K and Å have signs of their own (U+212A, U+212B), of which composing makes the letters.
const LETTER_WITH_MARKS = /\p{Script=Latin}\p{M}*/gu;
const LOOK_ALIKE_APOSTROPHES = /[`\u00b4\u02b9\u02bb\u02bc\u2018\u2019\u2032]/g;
const HYPHEN = new RegExp(
  `([${LATIN_LETTER}\\p{M}.]) ?[-\u2010\u2011\u2012\u2013\u2212\ufe63] ?(?=[${LATIN_LETTER}])`,
  'gu',
);
const COMMA = new RegExp(`([${LATIN_LETTER}\\p{M}.]) ?, ?(?=[${LATIN_LETTER}])`, 'gu');

/**
 * Makes one spelling of the several that one keyboard or another produces: letters composed with their marks, straight
 * apostrophes, hyphens without and commas with one space. Keeps capital and small letters, and names without a Latin
 * letter, as they are.
 */
export function normaliseLatin(name: string): string {
  if (!/\p{Script=Latin}/u.test(name)) return name;
  return name
    .replace(LETTER_WITH_MARKS, (letter) => letter.normalize('NFC'))
    .replace(LOOK_ALIKE_APOSTROPHES, "'")
    .replace(HYPHEN, '$1-')
    .replace(COMMA, '$1, ');
}

/** Whether a normalised name consists of Latin letters, with punctuation between its words alone. */
export function isLatinName(name: string): boolean {
  return LATIN_NAME.test(name) && !marksAreMisplaced(name);
}

/** Whether a mark stands on no letter, on one that has enough, or in no spelling of names at all. */
export function marksAreMisplaced(name: string): boolean {
  return MISPLACED_MARK.test(name.normalize('NFD')) || /\p{M}{2}/u.test(name);
}
