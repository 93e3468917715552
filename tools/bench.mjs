import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readCommandLine } from './lib/command-line.mjs';
import { build, ROOT, run } from './lib/workspace.mjs';

const sources = join(ROOT, 'bench', 'src');
const names = readdirSync(sources).filter((name) => existsSync(join(sources, name, 'main.ts')));

const { positionals, values } = readCommandLine(
  `
pnpm bench [name …] [--markdown]: builds, then runs side-by-side measurements: ${names.join(', ') || 'there are none yet'}.
Without a name, all of them, one after the other. Numbers are ratios with their spread; nothing is asserted on time.

  --markdown   of client and guard, print only the table of goals, with date, machine and command
`,
  { markdown: { type: 'boolean', default: false } },
);

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
    await run(process.execPath, [
      join(ROOT, 'bench', 'dist', name, 'main.js'),
      ...(values.markdown ? ['--markdown'] : []),
    ]);
  }
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
