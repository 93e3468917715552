/** The middle and the ends of what was measured. */
export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/** @throws {RangeError} without a value */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const [min, median, max] = [sorted[0], sorted[sorted.length >> 1], sorted.at(-1)];
  if (min === undefined || median === undefined || max === undefined) throw new RangeError('nothing was measured');
  return { min, median, max };
}

/** `median (min – max)`, with so many decimals. */
export function printSpread({ min, median, max }: Spread, decimals = 1): string {
  return `${median.toFixed(decimals)} (${min.toFixed(decimals)} – ${max.toFixed(decimals)})`;
}

/** Microseconds for one of `times` runs of a function, one after the other. */
export async function microseconds(times: number, run: (i: number) => unknown): Promise<number> {
  const begin = process.hrtime.bigint();
  for (let i = 0; i < times; i++) await run(i);
  return Number(process.hrtime.bigint() - begin) / times / 1_000;
}
