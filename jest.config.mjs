import { availableParallelism } from 'node:os';
import { leftToCi } from './tools/left-to-ci.mjs';

/** Sources are compiled by SWC as ES modules; packages of the workspace resolve to their sources, never to a stale build. */
const common = {
  extensionsToTreatAsEsm: ['.ts'],
  testEnvironment: 'node',
  setupFiles: ['reflect-metadata'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
          target: 'es2023',
          keepClassNames: true,
        },
        module: { type: 'es6' },
      },
    ],
  },
  moduleNameMapper: {
    '^fast-check$': '<rootDir>/tools/fast-check.seeded.mjs',
    '^@identity-verify/(contract|nestjs|mock-server|redis|sqlite)$': '<rootDir>/packages/$1/src/index.ts',
    '^@identity-verify/(nestjs|mock-server)/([a-z-]+)$': '<rootDir>/packages/$1/src/$2/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
};

export default {
  coverageProvider: 'v8',
  collectCoverageFrom: [
    'packages/*/src/**/*.ts',
    'apps/*/src/**/*.ts',
    '!**/*.spec.ts',
    '!**/*.fixture.ts',
    '!**/index.ts',
    '!**/*.types.ts',
  ],
  // For machines that are busy: how long something takes is measured in bench, and asserted nowhere.
  testTimeout: 60_000,
  // Many tests wait for a child process or a deadline, so a second worker pays even on two cores, where Jest uses one.
  maxWorkers: Math.max(2, availableParallelism() - 1),
  testSequencer: '<rootDir>/tools/longest-first.sequencer.mjs',
  reporters: [
    ...(process.stdout.isTTY ? ['default'] : ['<rootDir>/tools/progress.reporter.mjs', 'summary']),
    '<rootDir>/tools/closing-line.reporter.mjs',
  ],
  projects: [
    {
      ...common,
      displayName: 'unit',
      testMatch: ['<rootDir>/packages/*/src/**/*.spec.ts', '<rootDir>/apps/*/src/**/*.spec.ts'],
    },
    {
      ...common,
      displayName: 'cross',
      testMatch: ['<rootDir>/test/**/*.spec.ts'],
      // The applications in there run their own tests, with their own runners.
      testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/packed/apps/', ...leftToCi()],
    },
  ],
};
