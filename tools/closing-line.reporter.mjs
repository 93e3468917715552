/**
 * Adds a machine-readable line after Jest's summary: `N passed, N failed`. It is written synchronously at exit, so that
 * it is the last line.
 */
import { writeLine } from './lib/write-line.mjs';

export default class ClosingLineReporter {
  onRunComplete(_contexts, results) {
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const skipped = results.numPendingTests > 0 ? `, ${results.numPendingTests} skipped` : '';
    process.once('exit', () => writeLine(`\n${results.numPassedTests} passed, ${failed} failed${skipped}`));
  }
}
