import { describe, expect, it } from '@jest/globals';
import {
  hasForeignDigit,
  hasHiddenCharacter,
  hasHiddenCharacterInNumber,
  isPaddedInvisibly,
  MAX_INPUT_LENGTH,
  NUMBER_SEPARATORS,
  WHITE_SPACE,
  withoutIgnored,
} from './pasted-text.rule.js';

const HIDDEN = [
  '\u0007',
  '\u0085',
  '\u034f',
  '\u3164',
  '\u2800',
  '\ufffc',
  '\ufffd',
  '\ud840',
  '\u{16fe4}',
  '\u{1d159}',
];
/** All letters and signs with which a pattern is written, so that a pattern that is read as plain text finds them. */
const VISIBLE = ['测试甲', 'José', '110101190001010030', 'p{Cc}\\u[2800]16fed_', '\u{20000}'];
const hex = (text: string) => `U+${text.codePointAt(0)!.toString(16)}`;

describe('a character that cannot be seen', () => {
  it.each(HIDDEN.map((c) => [hex(c), c]))('is found anywhere in a name and in a number: %s', (_hex, c) => {
    for (const text of [c, `a${c}`, `${c}1`, `测${c}甲`]) {
      expect([hasHiddenCharacter(text), hasHiddenCharacterInNumber(text)]).toEqual([true, true]);
    }
  });

  it.each(VISIBLE)('is not in %s', (text) => {
    expect([hasHiddenCharacter(text), hasHiddenCharacterInNumber(text), isPaddedInvisibly(text)]).toEqual([
      false,
      false,
      false,
    ]);
  });

  it.each(['\ue000', '\u{f0000}', '\u0378'].map((c) => [hex(c), c]))(
    'without a meaning is refused in a number, and left to the rule of names in a name: %s',
    (_hex, c) => expect([hasHiddenCharacter(c), hasHiddenCharacterInNumber(c)]).toEqual([false, true]),
  );
});

describe('a text without what is ignored', () => {
  it('lacks format characters and variation selectors, and nothing else', () => {
    expect(withoutIgnored('\u200b测\ufe0f\u00ad 试\u{e0100}\u202e-')).toBe('测 试-');
  });

  it('is read up to the longest length, and not beyond', () => {
    const longest = 'a'.repeat(MAX_INPUT_LENGTH);
    expect([withoutIgnored(longest), withoutIgnored(`${longest}a`)]).toEqual([longest, undefined]);
  });

  it.each(['\ud840', '\udc00', 'a\ud840\u200b\udc00'])('is none with half a surrogate pair', (text) => {
    expect(withoutIgnored(text)).toBeUndefined();
  });
});

describe('a text that may only be too long because of what cannot be seen', () => {
  const long = 'a'.repeat(MAX_INPUT_LENGTH);

  it.each([
    ['a format character', `a\u200b${long}`, true],
    ['a filler', `\u3164${long}`, true],
    ['half a surrogate pair', `\ud840a${long}`, true],
    ['16 spaces of any kind', `a${' \u3000'.repeat(8)}${long}`, true],
    ['15 spaces', `a${' '.repeat(15)}${long}`, false],
    ['nothing of the kind', `${long}${long}`, false],
    ['it only after the longest length', `${long}\u200b`, false],
    ['a pair at the longest length', `${long.slice(1)}\u{20000}`, false],
  ])('has %s', (_title, text, expected) => expect(isPaddedInvisibly(text)).toBe(expected));
});

describe('a digit of another script or style', () => {
  it.each(['１', '٣', '①', 'Ⅳ', '1\u0301', '1\u20e3', '11010119000101003\u0663'])('is found in %s', (text) =>
    expect(hasForeignDigit(text)).toBe(true),
  );

  it.each(['0123456789', 'X', '-', '', '测', '1600000x'])('is not in %j', (text) =>
    expect(hasForeignDigit(text)).toBe(false),
  );
});

it('takes a row of spaces or of separators for one', () => {
  expect('a \u3000\t\u0085b'.replace(WHITE_SPACE, '_')).toBe('a_b');
  expect('1 -\u2013\u30fc2\u20433'.replace(NUMBER_SEPARATORS, '_')).toBe('1_2_3');
});
