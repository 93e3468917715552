import { TEST_POPULATION } from '@identity-verify/contract';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { checkCharacter, checkIdNumber, normaliseIdNumber } from './id-number.rule.js';
import type { IdNumberReason } from './refusal-reasons.data.js';

const today = 2026_11_24;
const complete = (first17: string) => first17 + checkCharacter(first17);
const check = (input: unknown) => checkIdNumber(input, { today });
const reason = (input: unknown): IdNumberReason | 'ok' => {
  const result = check(input);
  return result.ok ? 'ok' : result.reason;
};

describe('checkIdNumber', () => {
  it.each(TEST_POPULATION)('accepts the test person $name', ({ idCard }) => {
    expect(check(idCard)).toEqual({ ok: true, value: { idCard, kind: 'resident' } });
  });

  it.each([
    ['810000', 'hmt_permit'],
    ['820000', 'hmt_permit'],
    ['830000', 'hmt_permit'],
    ['911156', 'foreigner_permit'],
    ['931840', 'foreigner_permit'],
    ['110101', 'resident'],
    ['659004', 'resident'],
    ['710000', 'resident'],
    ['419999', 'resident'], // a retired district stays valid for life
  ])('reads %s as %s', (region, kind) => {
    expect(check(complete(`${region}19000101001`))).toMatchObject({ ok: true, value: { kind } });
  });

  it.each(['000000', '160000', '990000', '810001', '840000', '910000'.replace('91', '98'), '900000'])(
    'refuses the region %s',
    (region) => {
      expect(reason(complete(`${region}19000101001`))).toBe('id_number_region');
    },
  );

  it('knows how many days each month has', () => {
    const days = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    for (const [index, last] of days.entries()) {
      const month = `1900${String(index + 1).padStart(2, '0')}`;
      expect([month, reason(complete(`110101${month}${last}001`))]).toEqual([month, 'ok']);
      expect([month, reason(complete(`110101${month}${last + 1}001`))]).toEqual([month, 'id_number_birth_date']);
    }
  });

  it('reads input of up to 256 characters, with what is pasted along', () => {
    const [{ idCard }] = TEST_POPULATION;
    expect(reason(idCard.padEnd(256))).toBe('ok');
    expect(reason(idCard.padEnd(257))).toBe('id_number_invisible_character');
    expect(reason(idCard.padEnd(257, '1'))).toBe('id_number_format');
  });

  it('takes one sign, or two code units of one, for an x', () => {
    expect(reason('11010119000101001\u00d7')).toBe('id_number_x');
    expect(reason('11010119000101001\u00d7\u2573\u2715')).toBe('id_number_format');
  });

  it.each([
    ['19000229', 'id_number_birth_date'],
    ['20000229', 'ok'],
    ['20240229', 'ok'],
    ['20230229', 'id_number_birth_date'],
    ['19000230', 'id_number_birth_date'],
    ['19001301', 'id_number_birth_date'],
    ['19000001', 'id_number_birth_date'],
    ['19000100', 'id_number_birth_date'],
    ['19000431', 'id_number_birth_date'],
    ['20261124', 'ok'],
    ['20261125', 'id_number_birth_date'],
    ['20270101', 'id_number_birth_date'],
    ['18000101', 'id_number_birth_date'],
    ['00010101', 'id_number_birth_date'],
    ['18760101', 'ok'],
    ['18751231', 'id_number_birth_date'],
  ])('checks the date of birth %s: %s', (date, expected) => {
    expect(reason(complete(`110101${date}001`))).toBe(expected);
  });

  it.each([
    [undefined, 'id_number_required'],
    [null, 'id_number_required'],
    ['', 'id_number_required'],
    ['   ', 'id_number_required'],
    ['\u200b', 'id_number_required'],
    [110101190001010014n, 'id_number_type'],
    [{}, 'id_number_type'],
    [['110101190001010014'], 'id_number_type'],
    ['110101000101001', 'id_number_fifteen_digits'],
    ['11010119000101001', 'id_number_format'],
    ['1101011900010100144', 'id_number_format'],
    ['11010119000101001Y', 'id_number_format'],
    ['X10101190001010014', 'id_number_format'],
    ['110101190001010014;', 'id_number_format'],
    ['1'.repeat(100), 'id_number_format'],
    ['110101190001010024', 'id_number_check_character'],
    ['11O101190001010014', 'id_number_format'],
    ['l10101190001010014', 'id_number_format'],
    ['110101190001010014 110101190001010022', 'id_number_format'],
    ['١10101190001010014', 'id_number_digits'],
    ['𝟏10101190001010014', 'id_number_digits'],
    ['11〇101190001010014', 'id_number_digits'],
    ['①10101190001010014', 'id_number_digits'],
    ...Array.from('×✕✖✗✘╳хХχΧⅩⅹ𝐗𝒙').map((x) => [`31010119000101002${x}`, 'id_number_x'] as const),
    ['3101 0119000101 002 Х\u200b', 'id_number_x'],
    ['身份证号:110101190001010014', 'id_number_label'],
    ['身份证号码： 110101190001010014', 'id_number_label'],
    ['公民身份号码110101190001010014', 'id_number_label'],
    ['證件號碼：110101190001010014', 'id_number_label'],
    ['【身份证】110101190001010014', 'id_number_label'],
    ['证 件 号 110101190001010014', 'id_number_label'],
    ['ID:110101190001010014', 'id_number_label'],
    ['ＩＤ：１10101190001010014', 'id_number_label'],
    ['ID 110101190001010014', 'id_number_label'],
    ['ID No. 110101190001010014', 'id_number_label'],
    ['身份证号：', 'id_number_label'],
    ['身份证号：31010119000101002Х', 'id_number_label'],
    ['X10101190001010014:', 'id_number_format'],
  ])('refuses %p as %s', (input, expected) => {
    expect(reason(input)).toBe(expected);
  });

  it('normalises the additions of people and input methods', () => {
    expect(normaliseIdNumber(' 310101 19000101 002x\n')).toBe('31010119000101002X');
    expect(normaliseIdNumber('３１０１０１１９０００１０１００２ｘ')).toBe('31010119000101002X');
    expect(check('３１０１０１１９０００１０１００２ｘ')).toMatchObject({ ok: true });
  });

  it('strips hyphens and white space anywhere', () => {
    for (const each of '-‐–—−－ \t\u3000\u00a0\u0085') {
      expect(normaliseIdNumber(`${each}310101${each}19000101${each}002x${each}`)).toBe('31010119000101002X');
    }
  });

  it('accepts only the documents in the options', () => {
    const foreigner = complete('91115619000101001');
    expect(checkIdNumber(foreigner, { today, acceptedDocuments: ['resident', 'hmt_permit'] })).toEqual({
      ok: false,
      reason: 'id_number_kind',
    });
    expect(checkIdNumber(foreigner, { today, acceptedDocuments: ['foreigner_permit'] })).toMatchObject({ ok: true });
  });

  it('detects every single wrong digit and every swap of adjacent digits', () => {
    const digits = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 17, maxLength: 17 });
    fc.assert(
      fc.property(digits, fc.nat(16), fc.integer({ min: 1, max: 9 }), (seventeen, at, by) => {
        const good = seventeen.join('');
        const wrong = good.slice(0, at) + ((seventeen[at]! + by) % 10) + good.slice(at + 1);
        expect(checkCharacter(wrong)).not.toBe(checkCharacter(good));
        const swapped = good.slice(0, at) + (good[at + 1] ?? '') + good[at] + good.slice(at + 2);
        if (at < 16 && swapped !== good) expect(checkCharacter(swapped)).not.toBe(checkCharacter(good));
      }),
      { numRuns: 1_000 },
    );
  });

  it('never throws for any input', () => {
    fc.assert(
      fc.property(fc.anything(), (input) => {
        const result = check(input);
        if (result.ok) expect(result.value.idCard).toMatch(/^\d{17}[\dX]$/);
      }),
    );
  });
});
