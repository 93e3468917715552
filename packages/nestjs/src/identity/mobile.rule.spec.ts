import { describe, expect, it } from '@jest/globals';
import { checkMobile, normaliseMobile } from './mobile.rule.js';

describe('checkMobile', () => {
  it.each(['()', '[]', '{}', '【】', '〔〕', '〖〗', '「」', '\u3008\u3009', '\ufe59\ufe5a', '\ufe5d\ufe5e'])(
    'takes the country code off in the brackets %s',
    ([open = '', close = '']) => {
      for (const code of [`${open}+86${close}`, `${open}0086${close}`, `${open}86${close}`, `+${open}86${close}`]) {
        expect(checkMobile(`${code}16000010007`)).toEqual({ ok: true, value: '16000010007' });
      }
    },
  );

  it.each(['\u207a', '\u2795', '\ufe62', '+'])('reads %s as a plus sign', (plus) => {
    expect(checkMobile(`${plus}8616000010007`)).toEqual({ ok: true, value: '16000010007' });
  });

  it('reads input of up to 256 characters, with what is pasted along', () => {
    expect(checkMobile('16000010007'.padEnd(256))).toEqual({ ok: true, value: '16000010007' });
    expect(checkMobile('16000010007'.padEnd(257))).toEqual({ ok: false, reason: 'mobile_invisible_character' });
    expect(checkMobile('16000010007'.padEnd(257, '1'))).toEqual({ ok: false, reason: 'mobile_format' });
  });

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
    '(+86)16000010007',
    '（+86）160 0001 0007',
    '（＋８６）16000010007',
    '(86) 160-0001-0007',
    '[+86]16000010007',
    '【86】16000010007',
    '(0086)16000010007',
    '+(86)16000010007',
    '+ 86 16000010007',
    '+86-160-0001-0007',
    '0086 16000010007',
    '\ufe6286 16000010007', // small plus sign
    ...Array.from('‐‑‒–—―−⸺〜﹘﹣－⁃─ーｰ').map((dash) => `160${dash}0001${dash}0007`),
    ...Array.from(' \t\n\v\f\r\u0085\u00a0\u1680\u2003\u2009\u2028\u2029\u202f\u205f\u3000').map(
      (white) => `160${white}0001 0007${white}`,
    ),
    '\u202d160 0001 0007\u202c', // from a contact list
  ])('reads %j as 16000010007', (input) => {
    expect(checkMobile(input)).toEqual({ ok: true, value: '16000010007' });
  });

  it.each([
    [undefined, 'mobile_required'],
    [null, 'mobile_required'],
    ['', 'mobile_required'],
    [16000010007, 'mobile_type'],
    [[], 'mobile_type'],
    [{ toString: () => '16000010007' }, 'mobile_type'],
    [new String('16000010007'), 'mobile_type'],
    [' \u200b ', 'mobile_required'],
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
    [['16000010007'], 'mobile_type'],
    ['138.0000.0000', 'mobile_format'],
    ['(+8616000010007', 'mobile_format'],
    ['+86)16000010007', 'mobile_format'],
    ['(+86]16000010007', 'mobile_format'],
    ['010-12345678', 'mobile_format'],
    ['16000010007,16000010008', 'mobile_format'],
    ['16000010007转1', 'mobile_format'],
    ['16O00010007', 'mobile_format'],
    ['١٦٠٠٠٠١٠٠٠٧', 'mobile_digits'],
    ['1６000010００७', 'mobile_digits'],
    ['𝟏𝟔𝟎𝟎𝟎𝟎𝟏𝟎𝟎𝟎𝟕', 'mobile_digits'],
    ['①6000010007', 'mobile_digits'],
    ['16\u{20e3}000010007', 'mobile_digits'], // a keycap
    ['160〇0010007', 'mobile_digits'],
    ['手机号：16000010007', 'mobile_label'],
    ['手 机 号 码 : 16000010007', 'mobile_label'],
    ['手\u200b机：16000010007', 'mobile_label'],
    ['手机號16000010007', 'mobile_label'],
    ['联系电话 16000010007', 'mobile_label'],
    ['【手机】16000010007', 'mobile_label'],
    ['电话＝16000010007', 'mobile_label'],
    ['Mobile:16000010007', 'mobile_label'],
    ['Mobile No. 16000010007', 'mobile_label'],
    ['ＴＥＬ：16000010007', 'mobile_label'],
    ['tel:+8616000010007', 'mobile_label'],
    ['家属：16000010007', 'mobile_label'],
    ['手机号：', 'mobile_label'],
    ['手机号：16000010007\u0000', 'mobile_label'],
  ])('refuses %p as %s', (input, reason) => {
    expect(checkMobile(input)).toEqual({ ok: false, reason });
  });

  it('reports invisible characters, not the length, for a padded number', () => {
    expect(checkMobile(`16000010007${'\u200b'.repeat(5_000)}`)).toEqual({
      ok: false,
      reason: 'mobile_invisible_character',
    });
    expect(checkMobile('1'.repeat(5_000))).toEqual({ ok: false, reason: 'mobile_format' });
  });

  it('does not join unpaired surrogates by stripping between them', () => {
    const halves = '\ud840\u200b\udc00';
    expect(normaliseMobile(halves)).toBe(halves);
  });

  it('keeps a number that still begins with 86 after its country code is removed', () => {
    expect(checkMobile('+8613860001000')).toEqual({ ok: true, value: '13860001000' });
  });
});
