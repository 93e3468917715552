/** Longer input is refused, and not normalised: no name, ID number or mobile comes near, with all that is pasted along. */
export const MAX_INPUT_LENGTH = 256;

/** White space of every kind: `\s` lacks U+0085 and has U+FEFF, which is a format character. */
export const WHITE_SPACE = /\p{White_Space}+/gu;

/** White space, dashes of every script and what stands in for a dash: people group the digits of a number by them. */
export const NUMBER_SEPARATORS = /[\p{White_Space}\p{Dash}\u2043\u2500\u30fc\uff70]+/gu;

// Format characters (bidirectional marks, joiners, soft hyphens, tags, …) come along with copies from contact books and
// chat programs. Variation selectors choose a glyph: what they follow is the character of the register.
const IGNORED = /[\p{Cf}\p{Variation_Selector}]/gu;

// Control characters, fillers and other default ignorables, blanks that are no white space, half a surrogate pair, and
// what stands for something that could not be read.
const HIDDEN = '\\p{Cc}\\p{Cs}\\p{Default_Ignorable_Code_Point}\\u2800\\ufffc\\ufffd\\u{16fe4}\\u{1d159}';
const HIDDEN_IN_TEXT = new RegExp(`[${HIDDEN}]`, 'u');
const HIDDEN_IN_NUMBER = new RegExp(`[${HIDDEN}\\p{Co}\\p{Cn}]`, 'u');
const PADDING = new RegExp(`[${HIDDEN}\\p{Cf}]|\\p{White_Space}{16}`, 'u');
const LONE_SURROGATE = /\p{Cs}/u;

/**
 * Strips format characters and variation selectors. Returns undefined for a text that is too long, and for one with half
 * a surrogate pair, where stripping could join two halves to a character that nobody typed.
 */
export function withoutIgnored(text: string): string | undefined {
  return text.length > MAX_INPUT_LENGTH || LONE_SURROGATE.test(text) ? undefined : text.replace(IGNORED, '');
}

/** Turns full-width ASCII variants (U+FF01–U+FF5E), which Chinese input methods produce, into ASCII. */
export function toHalfWidth(text: string): string {
  return text.replace(/[\uff01-\uff5e]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0));
}

/** Whether a normalised name contains a character that cannot be seen or read. */
export function hasHiddenCharacter(name: string): boolean {
  return HIDDEN_IN_TEXT.test(name);
}

/** Whether a normalised number contains a character that cannot be seen or read, or that has no meaning. */
export function hasHiddenCharacterInNumber(number: string): boolean {
  return HIDDEN_IN_NUMBER.test(number);
}

/** Whether a text may only be too long because of what cannot be seen. Looks at its beginning alone. */
export function isPaddedInvisibly(text: string): boolean {
  return PADDING.test(text.slice(0, MAX_INPUT_LENGTH).replace(/[\ud800-\udbff]$/, ''));
}

/** Whether digits are of another script or style than 0 to 9, such as Arabic or circled ones. */
export function hasForeignDigit(number: string): boolean {
  return /[^\P{N}0-9]|\p{M}/u.test(number);
}
