import { describe, expect, it } from '@jest/globals';
import {
  msToNextShanghaiDay,
  msToNextShanghaiMonth,
  shanghaiDate,
  shanghaiDay,
  shanghaiMonth,
  systemClock,
} from './clock.js';

const at = (iso: string) => Date.parse(iso);

describe('periods in Asia/Shanghai', () => {
  it('begin at 16:00 UTC', () => {
    expect(shanghaiDate(at('2026-11-24T15:59:59.999Z'))).toBe(2026_11_24);
    expect(shanghaiDate(at('2026-11-24T16:00:00.000Z'))).toBe(2026_11_25);
    expect(shanghaiDay(at('2026-11-24T16:00:00Z')) - shanghaiDay(at('2026-11-24T15:59:59Z'))).toBe(1);
    expect(shanghaiMonth(at('2026-11-30T16:00:00Z')) - shanghaiMonth(at('2026-11-30T15:59:59Z'))).toBe(1);
  });

  it('agree with the time zone database of this Node', () => {
    const format = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' });
    for (let now = at('2023-12-30T00:00:00Z'); now < at('2028-03-02T00:00:00Z'); now += 6.5 * 3_600_000) {
      expect(String(shanghaiDate(now))).toBe(format.format(now).replaceAll('-', ''));
    }
  });

  it('report the time until their end', () => {
    const now = at('2026-12-31T15:00:00Z');
    expect(msToNextShanghaiDay(now)).toBe(3_600_000);
    expect(msToNextShanghaiMonth(now)).toBe(3_600_000);
    expect(msToNextShanghaiMonth(at('2026-12-31T16:00:00Z'))).toBe(31 * 86_400_000);
  });
});

describe('systemClock', () => {
  it('calls back, unless it is cancelled', async () => {
    const cancelled: string[] = [];
    systemClock.schedule(() => cancelled.push('taken back'), 0)();
    await new Promise<void>((resolve) => systemClock.schedule(resolve, 0));
    await new Promise((resolve) => setImmediate(resolve));
    expect(cancelled).toEqual([]);
  });
});
