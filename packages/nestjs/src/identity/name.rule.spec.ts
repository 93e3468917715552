import { describe, expect, it } from '@jest/globals';
import { checkName, normaliseName } from './name.rule.js';

/** Further dots, accepted only between ideographs. */
const FURTHER_DOTS = [
  '\u2e31',
  '\u25cf',
  '\u0387',
  '\u2024',
  '\u2e33',
  '\ufe52',
  '\ua78f',
  '\u30fb',
  '\u22c5',
  '\u{10101}',
  '\u318d',
];

const value = (input: unknown) => {
  const result = checkName(input);
  return result.ok ? result.value : result.reason;
};

describe('checkName', () => {
  it.each([
    ['测试甲', '测试甲'],
    ['  测试甲\n', '测试甲'],
    ['阿依古丽·买买提', '阿依古丽·买买提'],
    ['𠮷田', '𠮷田'], // supplementary plane: three UTF-16 units
    ['㐂乙', '㐂乙'],
    ['〇乙', '〇乙'],
    ['李𬭎', '李𬭎'],
    ['测\u3000试\u00a0甲', '测试甲'],
    ['测 试\t\u2009 甲', '测试甲'],
    ['测\u0085试\u2028甲', '测试甲'],
    ['阿依古丽 · 买买提', '阿依古丽·买买提'],
    ['阿依古丽. 买买提', '阿依古丽·买买提'],
    ['阿依古丽\u200b.买买提', '阿依古丽·买买提'],
    ['阿.依.古丽', '阿·依·古丽'],
    ['测试甲\u{e0100}', '测试甲'], // ideographic variation: the register holds the base character
    ['⼈⾼⻓', '人高长'], // radicals, as copied from a PDF
    ['⺠⻯', '民竜'],
    ['\ufa0e甲', '\ufa0e甲'], // one of the twelve unified ideographs in that block
  ])('accepts %j', (input, expected) => {
    expect(value(input)).toBe(expected);
  });

  it.each(['\u2022', '\u2027', '\u2219', '\u22c5', '\u30fb', '\uff65', '\uff0e', '\u00b7', '.', ...FURTHER_DOTS])(
    'reads U+%s as the middle dot',
    (dot) => {
      expect(value(`阿卜杜拉${dot}买买提`)).toBe('阿卜杜拉·买买提');
    },
  );

  it.each(['阿卜杜拉 ·买买提', '阿卜杜拉· 买买提', '阿卜杜拉 · 买买提'])(
    'joins a name of several parts: %s',
    (input) => {
      expect(value(input)).toBe('阿卜杜拉·买买提');
    },
  );

  it('reads input of up to 256 characters, with what is pasted along', () => {
    expect(value('测试甲'.padEnd(256))).toBe('测试甲');
    expect(value('测试甲'.padEnd(257))).toBe('name_invisible_character');
  });

  it('does not replace an ideograph by normalisation', () => {
    const compatibility = '\uf9d1甲'; // NFC changes it to U+516D
    expect(value(compatibility)).toBe(compatibility);
  });

  it.each([
    [undefined, 'name_required'],
    [null, 'name_required'],
    ['', 'name_required'],
    ['  ', 'name_required'],
    ['\u200b', 'name_required'],
    [7, 'name_type'],
    [['测试甲'], 'name_type'],
    [{ toString: () => '测试甲' }, 'name_type'],
    ['甲\u200b', 'name_length'],
    ['甲', 'name_length'],
    ['𠮷', 'name_length'],
    ['甲'.repeat(51), 'name_length'],
    ['甲'.repeat(300), 'name_length'],
    ['甲\ue000', 'name_private_use'],
    ['甲\u{f0000}', 'name_private_use'],
    ['😀😀', 'name_characters'],
    ['测试1', 'name_characters'],
    ['·测试', 'name_punctuation'],
    ['测试·', 'name_punctuation'],
    ['测··试', 'name_punctuation'],
    ['测·.试', 'name_punctuation'],
    ['测试.', 'name_punctuation'],
    ['测-试', 'name_punctuation'],
    ['···', 'name_punctuation'],
    ['测。试', 'name_characters'],
    ['测〡', 'name_numeral'],
    ['〹测', 'name_numeral'],
    ['测〻', 'name_characters'],
    ['测々', 'name_characters'],
    ['测〆', 'name_characters'],
    ['测\u{16fe2}', 'name_characters'],
    ['测\u{16ff0}', 'name_marks'],
    ['测\u{16ff1}', 'name_marks'],
    ['测１', 'name_characters'],
    ['测①', 'name_characters'],
    ['测Ⅳ', 'name_characters'],
    ['测\u0378', 'name_characters'],
    ['⿰测试', 'name_characters'],
    ['㈱测试', 'name_characters'],
    ['⺀测', 'name_radical'],
    ['⺚测', 'name_radical'],
    ['㇐测', 'name_radical'],
    ['王ニ', 'name_other_script'],
    ['测ㄧ', 'name_other_script'],
    ['АННА', 'name_other_script'], // all Cyrillic
    ['T𝐄ST', 'name_other_script'],
    ['王ー', 'name_other_script'],
    ['测ゃ', 'name_other_script'],
    ['测한', 'name_other_script'],
    ['ТEST PERSON', 'name_other_script'], // the first letter is Cyrillic
    ['TΕST', 'name_other_script'], // the second is Greek
    ['测\u0301试', 'name_marks'],
    ['测\u3099试', 'name_marks'],
    ['姓名：测试甲', 'name_label'],
    ['姓 名 测试甲', 'name_label'],
    ['姓名 测试甲', 'name_label'],
    ['姓\u3000名：测试甲', 'name_label'],
    ['姓名·测试甲', 'name_label'],
    ['姓名-测试甲', 'name_label'],
    ['【姓名】测试甲', 'name_label'],
    ['（姓名）测试甲', 'name_label'],
    ['名字:测试甲', 'name_label'],
    ['申请人姓名：测试甲', 'name_label'],
    ['联系人：测试甲', 'name_label'],
    ['姓\u200b名：测试甲', 'name_label'],
    ['姓名：测试甲1', 'name_label'],
    ['姓名＝测试甲', 'name_label'],
    ['姓名：', 'name_label'],
    ['姓名', 'name_label'],
    ['Name:测试甲', 'name_label'],
    ['Full Name： TEST PERSON', 'name_label'],
    ['name TEST PERSON', 'name_label'],
    ['Given names: TEST', 'name_label'],
    ['Surname TEST', 'name_label'],
    ['姓名（必填）：测试甲', 'name_label'],
    ['ＮＡＭＥ：测试甲', 'name_label'],
    ['测试<script>', 'name_characters'],
    ['Ｔｅｓｔ甲', 'name_characters'],
  ])('refuses %p as %s', (input, reason) => {
    expect(value(input)).toBe(reason);
  });

  it('accepts 50 code points of the supplementary planes', () => {
    expect(checkName('𠮷'.repeat(50)).ok).toBe(true);
  });

  it('accepts Latin letters only with a foreigner permit', () => {
    for (const name of ["ANNA-MARIA O'TEST", 'Jean Testé', 'TEST, PERSON']) {
      expect(checkName(name, 'foreigner_permit')).toMatchObject({ ok: true });
      expect(checkName(name, 'resident')).toEqual({ ok: false, reason: 'name_latin_not_accepted' });
    }
    expect(checkName('TEST PERSON').ok).toBe(true); // the document is unknown
  });

  it.each([
    ['TEST  PERSON', 'TEST PERSON'],
    ['TEST\u00a0PERSON', 'TEST PERSON'],
    ['TEST\u00adPERSON', 'TESTPERSON'],
    ['ＴＥＳＴ\u3000ＰＥＲＳＯＮ', 'TEST PERSON'],
    ['Teste\u0301', 'Test\u00e9'],
    ['O\u2019TEST', "O'TEST"],
    ['O\u02bcTEST', "O'TEST"],
    ['ANNA\u2011TEST', 'ANNA-TEST'],
    ['ANNA - TEST', 'ANNA-TEST'],
    ['TEST ,PERSON', 'TEST, PERSON'],
    ['TEST，PERSON', 'TEST, PERSON'],
    ['ANNA • TEST', 'ANNA·TEST'],
    ['TEST JR.', 'TEST JR.'],
    ['J.-P. TEST', 'J.-P. TEST'],
    ["VAN 'T TEST", "VAN 'T TEST"],
    ['T\u1ecdst\u0301'.replace('st\u0301', '\u0301st'), 'T\u1ecd\u0301st'], // Yoruba: two marks, one of which remains
    ['T\u0259ST', 'T\u0259ST'], // Azerbaijani
    ['TEST , ANNA , MARIA', 'TEST, ANNA, MARIA'],
    ['TEST - ANNA - MARIA', 'TEST-ANNA-MARIA'],
  ])('reads the Latin name %j as %j', (input, expected) => {
    expect(checkName(input, 'foreigner_permit')).toEqual({ ok: true, value: expected });
  });

  it.each([
    ['T\u034fEST', 'name_invisible_character'],
    ['Te\u0301\u0301st', 'name_marks'],
    ['T\u00e9\u0301st', 'name_marks'],
    ['Te\u0301\u0302\u0303st', 'name_marks'],
    ['Test\u0300\u0301', 'name_marks'], // two marks on a letter that composes with neither
    ['\u0301Test', 'name_marks'],
    ['Test \u0301person', 'name_marks'],
    ['Te\u0336st', 'name_marks'], // struck through
    ['Te\u20ddst', 'name_marks'], // in a circle
    ["O''TEST", 'name_punctuation'],
    ['ANNA--TEST', 'name_punctuation'],
    ['-TEST', 'name_punctuation'],
    ['TEST,', 'name_punctuation'],
    ['TEST..', 'name_punctuation'],
    ['T', 'name_length'],
    ['T\u0301', 'name_length'],
    ['TEST\u2163', 'name_characters'],
    ['TEST\u00aa', 'name_characters'],
    ['\ufb01TEST', 'name_characters'],
    ['\u1d00\u1d07', 'name_characters'], // small capitals
    ['TEST1', 'name_characters'],
  ])('refuses the Latin name %j as %s', (input, reason) => {
    expect(checkName(input, 'foreigner_permit')).toEqual({ ok: false, reason });
  });

  it.each(['姓某甲', '名甲', '名 甲', '测试人', '明字甲', 'NAMEL TEST', 'NAME-TEST', '客甲'])(
    'does not treat %j as a name with a label',
    (name) => {
      expect(checkName(name, 'foreigner_permit').ok).toBe(true);
    },
  );

  it('replaces every radical by an ideograph, or refuses it', () => {
    let mapped = 0;
    for (let c = 0x2e80; c <= 0x2fdf; c++) {
      const radical = String.fromCodePoint(c);
      const result = checkName(`测${radical}`);
      if (result.ok) mapped++;
      expect(result.ok ? result.value : result.reason).toMatch(/^(?:测\p{Unified_Ideograph}|name_radical)$/u);
      expect(normaliseName(normaliseName(radical))).toBe(normaliseName(radical));
    }
    expect(mapped).toBe(328); // the entries of EquivalentUnifiedIdeograph.txt in these blocks, Unicode 14 to 17
  });

  it('reports invisible characters, not the length, for a padded name', () => {
    expect(value(`测试甲${'\u200b'.repeat(5_000)}`)).toBe('name_invisible_character');
    expect(value(`测试甲${' '.repeat(5_000)}`)).toBe('name_invisible_character');
    expect(value('𠮷'.repeat(5_000))).toBe('name_length');
  });
});
