import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { checkMobile } from './mobile.rule.js';

describe('checkMobile', () => {
  it.each([
    '16000010007',
    '+8616000010007',
    '+86 160 0001 0007',
    '008616000010007',
    '8616000010007',
    '86-160-0001-0007',
    ' 16000010007 ',
    '16000010007\n',
    '１６００００１０００７',
    '＋８６ １６０００ ０１０００７',
    '160‑0001‑0007',
  ])('reads %j as 16000010007', (input) => {
    expect(checkMobile(input)).toEqual({ ok: true, value: '16000010007' });
  });

  it.each([
    [undefined, 'mobile_required'],
    [null, 'mobile_required'],
    ['', 'mobile_required'],
    [16000010007, 'mobile_format'],
    ['1600001000', 'mobile_format'],
    ['160000100077', 'mobile_format'],
    ['12000010007', 'mobile_format'],
    ['92000010007', 'mobile_format'],
    ['98000010007', 'mobile_format'],
    ['01600001000', 'mobile_format'],
    ['+85216000010', 'mobile_format'],
    ['+86+8616000010007', 'mobile_format'],
    ['868616000010007', 'mobile_format'],
    ['1600001000a', 'mobile_format'],
    ['1'.repeat(80), 'mobile_format'],
    [['16000010007'], 'mobile_format'],
  ])('refuses %p as %s', (input, reason) => {
    expect(checkMobile(input)).toEqual({ ok: false, reason });
  });

  it('keeps a number that begins with 86 after its country code was taken off', () => {
    expect(checkMobile('+8613860001000')).toEqual({ ok: true, value: '13860001000' });
  });

  it('is idempotent, and accepts nothing but 11 digits', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^(\+86|0086|86)?[ -]?1[3-9]\d{9}$/)), (input) => {
        const result = checkMobile(input);
        if (!result.ok) return;
        expect(result.value).toMatch(/^1[3-9]\d{9}$/);
        expect(checkMobile(result.value)).toEqual(result);
      }),
    );
  });
});
