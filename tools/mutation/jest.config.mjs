/** Jest for one group of mutants: only the tests that are to kill them. */
import config from '../../jest.config.mjs';
import { GROUPS } from './groups.mjs';

const tests = GROUPS[process.env.MUTATION_GROUP]?.tests ?? [];
const [{ displayName: _, ...unit }] = config.projects;

export default {
  ...unit,
  rootDir: '../..',
  testTimeout: config.testTimeout,
  testMatch: tests.map((path) => `<rootDir>/${path}.spec.ts`),
  moduleNameMapper: {
    ...unit.moduleNameMapper,
    '^fast-check$': '<rootDir>/tools/mutation/fast-check.capped.mjs',
  },
};
