/**
 * Jest's runner of one spec, which passes over a spec when its tests cannot tell anything more about a mutant: another
 * spec has killed it, or no test of the spec reaches it. Otherwise Jest loads every spec for every mutant.
 */
const { createRequire } = require('node:module');

// Under pnpm, only Jest itself sees the runner that it brings along.
const from = ['jest', '@jest/core', 'jest-config'].reduce(
  (path, name) => createRequire(path).resolve(name),
  __filename,
);
const circus = createRequire(from)('jest-circus/runner');
const run = circus.default ?? circus;

/** The last result of each spec: the names of its tests are known from it. */
const results = new Map();
let killed;

module.exports = async function frugal(globalConfig, config, environment, runtime, path, ...more) {
  const mutant = process.env['__STRYKER_ACTIVE_MUTANT__'];
  const known = results.get(path);
  const { testNamePattern } = globalConfig;
  const pattern = testNamePattern ? new RegExp(testNamePattern, 'i') : /^/;
  if (mutant && known && (killed === mutant || !known.testResults.some(({ fullName }) => pattern.test(fullName)))) {
    return skipped(known);
  }
  const result = await run(globalConfig, config, environment, runtime, path, ...more);
  if (result.testResults.length > 0) results.set(path, result);
  if (mutant && result.numFailingTests > 0) killed = mutant;
  return result;
};

function skipped(result) {
  return {
    ...result,
    failureMessage: null,
    numFailingTests: 0,
    numPassingTests: 0,
    numPendingTests: result.testResults.length,
    testExecError: undefined,
    testResults: result.testResults.map((test) => ({ ...test, status: 'pending', failureMessages: [] })),
  };
}
