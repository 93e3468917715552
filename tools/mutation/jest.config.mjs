/** Jest for one group of mutants: only the tests that are to kill them. */
import { fileURLToPath } from 'node:url';
import config from '../../jest.config.mjs';
import { GROUPS } from './groups.mjs';

const tests = GROUPS[process.env.MUTATION_GROUP]?.tests ?? [];
const folders = [...new Set(tests.map((path) => `<rootDir>/${path.split('/').slice(0, -1).join('/')}`))];
const [{ displayName: _, ...unit }] = config.projects;

export default {
  ...unit,
  testSequencer: fileURLToPath(new URL('smallest-first.sequencer.cjs', import.meta.url)),
  // By path: Stryker resolves names from the sandbox.
  testRunner: fileURLToPath(new URL('jest-circus.frugal.cjs', import.meta.url)),
  testEnvironment: fileURLToPath(new URL('bail.environment.cjs', import.meta.url)),
  rootDir: '../..',
  // A mutant that makes a test wait for ever is killed here: Stryker's own limit costs a new process each time.
  testTimeout: 3_000,
  // Jest looks through these folders again for every mutant.
  roots: ['<rootDir>/packages/contract/src', '<rootDir>/packages/nestjs/src', ...folders],
  watchman: false,
  testMatch: tests.map((path) => `<rootDir>/${path}.spec.ts`),
  moduleNameMapper: {
    ...unit.moduleNameMapper,
    '^fast-check$': '<rootDir>/tools/mutation/fast-check.capped.mjs',
  },
};
