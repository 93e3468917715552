import { readCommandLine } from './lib/command-line.mjs';
import { build, run, TSC } from './lib/workspace.mjs';

const { values } = readCommandLine(
  `
pnpm demo: builds, then asks about every test identity through the module, against a mock on a free port, and prints what
came of it. Exits with 1 when a row differs from the contract.

  --timeout-ms 1000   longest wait for a fault that hangs

pnpm demo --race: plays one scripted minute of sign-ups with a naive client and with the module, against a mock on a free
port, and prints what each paid by the journal of the mock. Exits with 1 when the module lets a wrong person in.

  --speed 4           1 to 10: 4 plays the minute in 15 seconds
  --json              prints the result as JSON, and nothing else
`,
  {
    'timeout-ms': { type: 'string', default: '1000' },
    race: { type: 'boolean', default: false },
    speed: { type: 'string', default: '4' },
    json: { type: 'boolean', default: false },
  },
);
const timeoutMs = wholeNumber('timeout-ms', 100, 60_000);
const speed = wholeNumber('speed', 1, 10);
if (values.json && !values.race) {
  console.error('--json is for --race.');
  process.exit(2);
}

try {
  // The output of --json is nothing but JSON.
  if (values.json) {
    await run(process.execPath, [TSC, '-b', 'apps/sample', 'packages/mock-server'], { stdio: ['ignore', 2, 2] });
  } else if (values.race) await build('apps/sample', 'packages/mock-server');
  else await build('packages/nestjs', 'packages/mock-server');
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
// Imported after the build, because a fresh clone has nothing to import and a pull may leave stale output.
if (values.race) {
  const { runRace } = await import('./lib/race.run.mjs');
  process.exitCode = (await runRace({ speed, json: values.json })) ? 0 : 1;
} else {
  const { runDemo } = await import('./lib/demo.run.mjs');
  process.exitCode = (await runDemo({ timeoutMs })) ? 0 : 1;
}

/** Reads an option, or exits with code 2. */
function wholeNumber(name, least, most) {
  const value = /^\d+$/.test(values[name]) ? Number(values[name]) : Number.NaN;
  if (value >= least && value <= most) return value;
  console.error(`--${name} must be a whole number from ${least} to ${most}.`);
  return process.exit(2);
}
