import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readCommandLine } from './lib/command-line.mjs';
import { printTable } from './lib/table.mjs';
import { ROOT, run } from './lib/workspace.mjs';
import { GROUPS } from './mutation/groups.mjs';

const { positionals, values } = readCommandLine(
  `
pnpm mutate [group …]: mutation tests with Stryker, one run for each group: ${Object.keys(GROUPS).join(', ')}.
Without a group, all of them: hours. Prints the score of each, and fails if one is below what its group asks for. Reports are in
.build/reports; survivors are explained in docs/proof/mutation.md.
  --report   only prints the scores of the last runs
  --again    runs only what has changed since the last run of the group
`,
  { report: { type: 'boolean', default: false }, again: { type: 'boolean', default: false } },
);
const unknown = positionals.filter((group) => !(group in GROUPS));
if (unknown.length > 0) {
  console.error(`There is no group called ${unknown.join(', ')}.`);
  process.exit(2);
}

mkdirSync(join(ROOT, '.build', 'reports'), { recursive: true });
const rows = [];
let isBelow = false;
for (const group of positionals.length > 0 ? positionals : Object.keys(GROUPS)) {
  if (!values.report) {
    if (values.again) forgetSurvivors(group);
    await run(process.execPath, [join(ROOT, 'node_modules/@stryker-mutator/core/bin/stryker.js'), 'run'], {
      cwd: ROOT,
      env: { ...process.env, MUTATION_GROUP: group, MUTATION_AGAIN: values.again ? '1' : '0' },
    });
  }
  const { files } = JSON.parse(readFileSync(join(ROOT, '.build', 'reports', `mutation-${group}.json`), 'utf8'));
  const mutants = Object.values(files).flatMap((file) => file.mutants);
  const count = (...statuses) => mutants.filter(({ status }) => statuses.includes(status)).length;
  const killed = count('Killed', 'Timeout');
  const survived = count('Survived', 'NoCoverage');
  const score = (100 * killed) / (killed + survived);
  isBelow ||= score < GROUPS[group].atLeast;
  rows.push([group, String(killed), String(survived), `${score.toFixed(1)} %`, `${GROUPS[group].atLeast} %`]);
}
printTable(['group', 'killed', 'survived', 'score', 'goal'], rows);
process.exitCode = isBelow ? 1 : 0;

/** Stryker takes over what it knows of a mutant of code that runs when a file is loaded, whatever its tests became. */
function forgetSurvivors(group) {
  const path = join(ROOT, '.build', 'reports', `incremental-${group}.json`);
  if (!existsSync(path)) return;
  const report = JSON.parse(readFileSync(path, 'utf8'));
  for (const file of Object.values(report.files))
    file.mutants = file.mutants.filter(({ status }) => status === 'Killed');
  writeFileSync(path, JSON.stringify(report));
}
