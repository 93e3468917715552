import { describe, expect, it } from '@jest/globals';
import { money, raceChart, reasonRows, scoreRows } from '../../tools/lib/race.chart.mjs';

const racer = (calls: number, fen: number) => ({ calls, fen, maybeFen: 42, wrongIn: 1, rightIn: 2, rightWaiting: 3 });
const NOTHING = { calls: 0, fen: 0 };
const figures = (tMs: number, naive: number, module: number) => ({
  tMs,
  naive: racer(naive / 42, naive),
  module: racer(module / 42 + 1, module),
  saved: {
    ledger: NOTHING,
    joined: { calls: (naive - module) / 42, fen: naive - module },
    checked: NOTHING,
    maybe_paid: NOTHING,
    repeated: { calls: -1, fen: 0 },
    other: NOTHING,
  },
});
const final = figures(60_000, 840, 420);

describe('pnpm demo --race', () => {
  it('draws the line of the naive client above that of the module, with the reason between them', () => {
    const lines = raceChart({ durationMs: 60_000, series: [figures(0, 0, 0), figures(30_000, 420, 210), final] });
    const last = lines.map((line) => line[69] ?? ' ').join('');
    expect(last).toMatch(/^●▒+○ +─s?$/);
    expect(lines[0]).toContain('¥8.40');
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(72);
  });

  it('leaves empty what a stopped race has not reached', () => {
    const [upper = '', ...others] = raceChart({
      durationMs: 60_000,
      series: [figures(0, 0, 0), figures(30_000, 420, 210)],
    });
    expect([upper, ...others].filter((line) => line.length === 70 && /[●○]$/.test(line))).toEqual([]);
  });

  it('prints what both paid, and reasons that sum up to the difference', () => {
    expect(scoreRows({ final }).map(([, , paid]) => paid)).toEqual(['¥8.40', '¥4.20']);
    const rows = reasonRows({ final }).map((row) => row.slice(-2));
    expect(rows).toContainEqual(['−1', '¥0.00']);
    expect(rows.at(-1)).toEqual([9, '¥4.20']);
    expect(money(-42)).toBe('−¥0.42');
  });
});
