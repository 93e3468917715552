import { describe, expect, it } from '@jest/globals';
import { isLabelledName, isLabelledNumber } from './field-label.rule.js';

describe('isLabelledName', () => {
  it.each([
    '姓名',
    '姓 名：测试甲',
    '姓名 测试甲',
    '【姓名】测试甲',
    '( 真实姓名)测试甲',
    '联系人：测试甲',
    '客户=测试甲',
    'Applicant : 测试甲',
    'Names: Test',
    'Full name Test',
    '(Name) Test',
    `${'x'.repeat(30)}姓名：甲`,
  ])('is true of %s', (text) => {
    expect(isLabelledName(text)).toBe(true);
  });

  it.each(['姓名远', '测试甲', '：测试甲', '测试甲：测试乙', 'Namesake', `${'x'.repeat(31)}姓名：甲`, ''])(
    'is false of %s',
    (text) => {
      expect(isLabelledName(text)).toBe(false);
    },
  );
});

describe('isLabelledNumber', () => {
  it.each(['手机号：16000020001', '身 份 证 110101', 'ID 110101', '号码', 'mobile', 'abc:160', '账户：160'])(
    'is true of %s',
    (text) => {
      expect(isLabelledNumber(text)).toBe(true);
    },
  );

  it.each(['16000020001', '：160', '--:160', '-:abc160', 'abc160', '1600a:', '1600 手机', '-:', ''])(
    'is false of %s',
    (text) => {
      expect(isLabelledNumber(text)).toBe(false);
    },
  );
});
