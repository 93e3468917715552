/** Mutation tests of one group; see tools/mutate.mjs, which sets `MUTATION_GROUP`. */
import { fileURLToPath } from 'node:url';
import { GROUPS } from './tools/mutation/groups.mjs';

const group = process.env.MUTATION_GROUP;
const mutate = GROUPS[group]?.mutate ?? [];

export default {
  mutate,
  // By path: under pnpm, Stryker does not see the plugins beside it.
  plugins: [fileURLToPath(import.meta.resolve('@stryker-mutator/jest-runner'))],
  testRunner: 'jest',
  testRunnerNodeArgs: ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'],
  jest: { configFile: 'tools/mutation/jest.config.mjs', enableFindRelatedTests: false },
  coverageAnalysis: 'perTest',
  concurrency: Number(process.env.MUTATION_CONCURRENCY ?? 1),
  // Jest keeps some 20 MB of every run with ES modules, so a process that is never replaced slows down.
  maxTestRunnerReuse: 40,
  timeoutMS: 10_000,
  timeoutFactor: 3,
  ignorePatterns: ['dist', 'coverage', '.build', '.git', 'reports', 'docs', 'bench'],
  tempDirName: '.build/mutation',
  // A second run tests again only what its tests or its code have changed. It does not see other files change.
  incremental: true,
  force: process.env.MUTATION_AGAIN !== '1',
  incrementalFile: `.build/reports/incremental-${group}.json`,
  cleanTempDir: 'always',
  reporters: ['progress-append-only', 'json', 'clear-text'],
  clearTextReporter: { allowColor: false, allowEmojis: false, logTests: false, reportTests: false },
  jsonReporter: { fileName: `.build/reports/mutation-${group}.json` },
  disableTypeChecks: false,
};
