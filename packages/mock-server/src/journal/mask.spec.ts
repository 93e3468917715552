import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { maskIdCard, maskMobile, maskName } from './mask.js';

describe('masks', () => {
  it('have the documented form', () => {
    expect(maskName('测试甲')).toBe('测*');
    expect(maskIdCard('31010119000101002X')).toBe('3*** … ***X');
    expect(maskMobile('16000020001')).toBe('160******01');
  });

  it('do not split a surrogate pair', () => {
    expect(maskName('𠮷田')).toBe('𠮷*');
  });

  it('show nothing of a value that is not a mobile', () => {
    expect(maskMobile('secret')).toBe('***');
    expect(maskMobile('测试甲测试乙测试丙丁')).toBe('***');
  });

  it('show nothing of a value that is not an ID number, because it may be another field', () => {
    for (const text of ['测试甲', '甲', '16000020001', 'ab', '11010119000101001Y'])
      expect(maskIdCard(text)).toBe('***');
    expect(maskIdCard('31010119000101002x')).toBe('3*** … ***x');
    expect(maskIdCard('110101000101001')).toBe('1*** … ***1');
    expect([maskName(''), maskIdCard(''), maskMobile('')]).toEqual(['', '', '']);
  });

  it('never show the middle of an ID number or a mobile', () => {
    const digits = (length: number) => fc.stringMatching(new RegExp(`^\\d{${length}}$`));
    fc.assert(fc.property(digits(18), (id) => maskIdCard(id).replace(' … ', '').length === 8));
    fc.assert(fc.property(digits(11), (mobile) => !/\d{4}/.test(maskMobile(mobile))));
  });
});
