import { availableParallelism, cpus, loadavg } from 'node:os';
import { printSpread, type Spread } from './spread.js';

/** One line of the table of goals. */
export interface GoalRow {
  readonly row: string;
  readonly seen: Spread;
  /** The same of processor time, which other work on the machine changes less. */
  readonly cpu?: Spread;
  /** Absent for a peer. */
  readonly goal?: string;
}

/** Whether only the table is wanted, to be pasted into a document. */
export const isMarkdownOnly = process.argv.includes('--markdown');

/** Prints details, unless only the table is wanted. */
export function printDetail(text: string): void {
  if (!isMarkdownOnly) console.log(text);
}

/** The load of the machine before anything was measured. */
const [loadBefore = 0] = loadavg();

/**
 * Prints the table of goals in Markdown, under the date, the machine and the command. The load says whether the machine
 * was quiet: figures of a busy one are no evidence.
 */
export function printGoals(bench: string, how: string, rows: readonly GoalRow[]): void {
  const [cpu] = cpus();
  const machine = `${availableParallelism()} × ${cpu?.model.trim() ?? 'unknown processor'}`;
  const load = `load before ${loadBefore.toFixed(1)}`;
  const lines = rows.map(({ row, seen, cpu: used, goal = '' }) =>
    [row, printSpread(seen, 2), used ? printSpread(used, 2) : '', goal].join(' | '),
  );
  const head = `${new Date().toISOString().slice(0, 10)}, ${machine}, Node ${process.version}, ${load}; \`pnpm bench ${bench}\`; ${how}.`;
  const table = ['row | measured | of processor time | goal', '--- | --- | --- | ---', ...lines];
  console.log(`\n${head}\n\n${table.map((line) => `| ${line} |`).join('\n')}`);
}
