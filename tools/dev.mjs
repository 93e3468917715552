import { spawn } from 'node:child_process';
import { readCommandLine } from './lib/command-line.mjs';
import { takePorts } from './lib/ports.mjs';
import { Services } from './lib/services.mjs';
import { build, PROGRAMS, ROOT, TSC } from './lib/workspace.mjs';

readCommandLine(`
pnpm dev: compiles on every change, and restarts the mock and the sample when their code changed. Ctrl-C stops all.

  SAMPLE_PORT=3000   port of the sample
  MOCK_PORT=1979     port of the mock
`);

const WATCH = ['--watch', '--watch-preserve-output'];
const { mockPort } = await takePorts('dev', { mock: true });

try {
  await build('packages/mock-server', 'apps/sample');
  const compiler = spawn(
    process.execPath,
    [TSC, '-b', '--watch', '--preserveWatchOutput', 'packages/mock-server', 'apps/sample'],
    { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'], detached: true },
  );
  // Stops the process group of the launcher, because the compiler is a child of it.
  process.once('exit', () => process.kill(-Number(compiler.pid)));
  const services = new Services();
  const upstream = await services.start('mock', [...WATCH, PROGRAMS.mock, '--port', mockPort]);
  const sample = await services.start('sample', [...WATCH, PROGRAMS.sample], {
    IDENTITY_VERIFY_BASE_URL: upstream,
    IDENTITY_VERIFY_UPSTREAM: 'mock',
    // The mock must not receive the credential of a real account.
    IDENTITY_VERIFY_APP_CODE: '',
  });
  services.announce(
    `\n  sample         ${sample}\n  mock upstream  ${upstream}\n\n  Watching. Ctrl-C stops everything.\n`,
  );
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
