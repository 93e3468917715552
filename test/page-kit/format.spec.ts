import { count, duration, money } from '@identity-verify/page-kit/kit/format.js';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

describe('a duration', () => {
  it.each([
    [0, '0 ms', '0 ms'],
    [0.424, '0.42 ms', '0.42 ms'],
    [9.999, '10 ms', '10 ms'],
    [380.4, '380 ms', '380 ms'],
    [999.6, '1 s', '1 秒'],
    [1500, '1.5 s', '1.5 秒'],
    [59_940, '59.9 s', '59.9 秒'],
    [59_990, '1 min', '1 分'],
    [125_000, '2 min 5 s', '2 分 5 秒'],
    [3_599_999, '1 h', '1 小时'],
    [10_800_000, '3 h', '3 小时'],
    [90_000_000, '1 d 1 h', '1 天 1 小时'],
    [86_405_000, '1 d', '1 天'],
  ])('of %d ms is %s, in Chinese %s', (ms, english, chinese) => {
    expect(duration(ms)).toBe(english);
    expect(duration(ms, 'zh-CN')).toBe(chinese);
  });

  it('has at most two parts, and none of them is a whole of the next', () => {
    const whole: Readonly<Record<string, number>> = { ms: 1000, s: 60, min: 60, h: 24, d: Infinity };
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e10, noNaN: true }), (ms) => {
        const parts = duration(ms).split(/(?<=[a-z]) /);
        expect(parts.length).toBeLessThanOrEqual(2);
        for (const part of parts) {
          const [n, unit = ''] = part.split(' ');
          expect(Number(n)).toBeLessThan(whole[unit] ?? 0);
        }
      }),
    );
  });
});

it('an amount has two decimals, and a count separators', () => {
  expect([money(0), money(42), money(123_456)]).toEqual(['¥0.00', '¥0.42', '¥1234.56']);
  expect([count(999), count(12_000), count(1_234_567)]).toEqual(['999', '12,000', '1,234,567']);
});
