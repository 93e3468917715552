import { readCommandLine } from './lib/command-line.mjs';
import { build } from './lib/workspace.mjs';

const { values } = readCommandLine(
  `
pnpm demo: builds, then asks about every test identity through the module, against a mock on a free port, and prints what
came of it. Exits with 1 when a row differs from the contract.

  --timeout-ms 1000   longest wait for a fault that hangs
`,
  { 'timeout-ms': { type: 'string', default: '1000' } },
);
const timeoutMs = Number(values['timeout-ms']);
if (!Number.isInteger(timeoutMs) || timeoutMs < 100 || timeoutMs > 60_000) {
  console.error('--timeout-ms must be a whole number from 100 to 60000.');
  process.exit(2);
}

try {
  await build('packages/nestjs', 'packages/mock-server');
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
// Imported after the build, because a fresh clone has nothing to import and a pull may leave stale output.
const { runDemo } = await import('./lib/demo.run.mjs');
process.exitCode = (await runDemo({ timeoutMs })) ? 0 : 1;
