/** The median, minimum and maximum of a measurement. */
export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/** @throws {RangeError} without values */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const [min, median, max] = [sorted[0], sorted[sorted.length >> 1], sorted.at(-1)];
  if (min === undefined || median === undefined || max === undefined) throw new RangeError('nothing was measured');
  return { min, median, max };
}

/** `median (min – max)`, with the given number of decimals. */
export function printSpread({ min, median, max }: Spread, decimals = 1): string {
  return `${median.toFixed(decimals)} (${min.toFixed(decimals)} – ${max.toFixed(decimals)})`;
}

/** Microseconds per run of a function, over `times` sequential runs. */
export async function microseconds(times: number, run: (i: number) => unknown): Promise<number> {
  const begin = process.hrtime.bigint();
  for (let i = 0; i < times; i++) await run(i);
  return Number(process.hrtime.bigint() - begin) / times / 1_000;
}
