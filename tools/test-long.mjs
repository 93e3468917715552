/** Runs the tests in full: with `TEST_LONG`, random schedules are as long and applications as many as they ever are. */
import { spawnSync } from 'node:child_process';

const node = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
const { status } = spawnSync(
  process.execPath,
  [...node, 'node_modules/jest/bin/jest.js', ...process.argv.slice(2).filter((arg) => arg !== '--')],
  { stdio: 'inherit', env: { ...process.env, TEST_LONG: '1' } },
);
process.exitCode = status ?? 1;
