/**
 * Adds a machine-readable line after Jest's summary: `N passed, N failed`. It is written synchronously at exit, so that
 * it is the last line.
 */
import { writeSync } from 'node:fs';

export default class ClosingLineReporter {
  onRunComplete(_contexts, results) {
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const skipped = results.numPendingTests > 0 ? `, ${results.numPendingTests} skipped` : '';
    process.once('exit', () => writeSync(1, `\n${results.numPassedTests} passed, ${failed} failed${skipped}\n`));
  }
}
