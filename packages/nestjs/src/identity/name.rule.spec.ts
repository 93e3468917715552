import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { checkName } from './name.rule.js';

const value = (input: unknown) => {
  const result = checkName(input);
  return result.ok ? result.value : result.reason;
};

describe('checkName', () => {
  it.each([
    ['测试甲', '测试甲'],
    ['  测试甲\n', '测试甲'],
    ['阿依古丽·买买提', '阿依古丽·买买提'],
    ['𠮷田', '𠮷田'], // a supplementary plane: three UTF-16 units
    ['㐂乙', '㐂乙'],
    ['〇乙', '〇乙'],
    ['李𬭎', '李𬭎'],
  ])('accepts %j', (input, expected) => {
    expect(value(input)).toBe(expected);
  });

  it.each(['\u2022', '\u2027', '\u2219', '\u22c5', '\u30fb', '\uff65', '\uff0e', '\u00b7'])(
    'takes U+%s for the middle dot',
    (dot) => {
      expect(value(`阿卜杜拉${dot}买买提`)).toBe('阿卜杜拉·买买提');
    },
  );

  it('does not let normalisation rewrite an ideograph', () => {
    const compatibility = '\uf9d1甲'; // NFC would make U+516D of it
    expect(value(compatibility)).toBe(compatibility);
  });

  it.each([
    [undefined, 'name_required'],
    [null, 'name_required'],
    ['', 'name_required'],
    ['  ', 'name_required'],
    [7, 'name_characters'],
    ['甲', 'name_length'],
    ['𠮷', 'name_length'],
    ['甲'.repeat(51), 'name_length'],
    ['甲'.repeat(300), 'name_length'],
    ['甲\ue000', 'name_private_use'],
    ['甲\u{f0000}', 'name_private_use'],
    ['😀😀', 'name_characters'],
    ['测试1', 'name_characters'],
    ['·测试', 'name_characters'],
    ['测试·', 'name_characters'],
    ['测··试', 'name_characters'],
    ['测 试', 'name_characters'],
    ['测试\u200b甲', 'name_characters'],
    ['测试<script>', 'name_characters'],
    ['Ｔｅｓｔ甲', 'name_characters'],
  ])('refuses %p as %s', (input, reason) => {
    expect(value(input)).toBe(reason);
  });

  it('accepts 50 code points of the supplementary planes', () => {
    expect(checkName('𠮷'.repeat(50)).ok).toBe(true);
  });

  it('accepts Latin letters on a permit of a foreigner, and only there', () => {
    for (const name of ["ANNA-MARIA O'TEST", 'Jean Testé', 'TEST, PERSON']) {
      expect(checkName(name, 'foreigner_permit')).toMatchObject({ ok: true });
      expect(checkName(name, 'resident')).toEqual({ ok: false, reason: 'name_latin_not_accepted' });
    }
    expect(checkName('TEST PERSON').ok).toBe(true); // the document is not known yet
  });

  it('never throws, and changes no character but the dots', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (input) => {
        const result = checkName(input);
        if (result.ok)
          expect(result.value.replaceAll('·', '')).toBe(
            input.trim().replace(/[\u2022\u2027\u2219\u22c5\u30fb\uff65\uff0e·]/g, ''),
          );
      }),
    );
  });
});
