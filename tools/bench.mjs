import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readCommandLine } from './lib/command-line.mjs';
import { writeTable } from './lib/docs/benchmarks.page.mjs';
import { build, printedBy, ROOT, run } from './lib/workspace.mjs';

const sources = join(ROOT, 'bench', 'src');
const names = readdirSync(sources).filter((name) => existsSync(join(sources, name, 'main.ts')));

const { positionals, values } = readCommandLine(
  `
pnpm bench [name …] [--markdown | --write]: builds, then runs side-by-side measurements: ${names.join(', ') || 'there are none yet'}.
Without a name, all of them, one after the other. Numbers are ratios with their spread; nothing is asserted on time.

  --markdown   print only the tables of ratios and goals, with date, machine, load and command
  --write      the same, and write them to docs/proof/benchmarks.md; benchmarks that are not named keep their tables
`,
  { markdown: { type: 'boolean', default: false }, write: { type: 'boolean', default: false } },
);
const isMarkdown = values.markdown || values.write;

const unknown = positionals.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  console.error(`There is no bench called ${unknown.join(', ')}. There are: ${names.join(', ')}.`);
  process.exit(2);
}
try {
  await build('bench');
  // Measures the published form of the mock.
  await run(process.execPath, [join(ROOT, 'tools/bundle-command.mjs')]);
  for (const name of positionals.length > 0 ? positionals : names) {
    console.log(`\n== ${name}`);
    const program = join(ROOT, 'bench', 'dist', name, 'main.js');
    const printed = await printedBy(process.execPath, [program, ...(isMarkdown ? ['--markdown'] : [])]);
    if (values.write) await writeTable(name, printed.trim());
  }
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
