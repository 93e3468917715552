/**
 * Skips the tests that follow a failed one: one failure kills a mutant. Jest has `bail` only for whole files, and Stryker
 * none for Jest.
 */
const { createRequire } = require('node:module');

// Under pnpm, only Jest itself sees the environment that it brings along.
const from = ['jest', '@jest/core', 'jest-config'].reduce(
  (path, name) => createRequire(path).resolve(name),
  __filename,
);
const { TestEnvironment } = createRequire(from)('jest-environment-node');

module.exports = class BailEnvironment extends TestEnvironment {
  #hasFailed = false;

  handleTestEvent = (event) => {
    if (event.name === 'test_fn_failure' || event.name === 'hook_failure') this.#hasFailed = true;
    if (event.name === 'test_start' && this.#hasFailed) event.test.mode = 'skip';
  };
};
