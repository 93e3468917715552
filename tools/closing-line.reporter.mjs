/**
 * Adds one line that a script can read to Jest's own summary: `N passed, N failed`. Written when the process ends,
 * so that it is the last line of all; synchronously, because nothing else runs then.
 */
import { writeSync } from 'node:fs';

export default class ClosingLineReporter {
  onRunComplete(_contexts, results) {
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const skipped = results.numPendingTests > 0 ? `, ${results.numPendingTests} skipped` : '';
    process.once('exit', () => writeSync(1, `\n${results.numPassedTests} passed, ${failed} failed${skipped}\n`));
  }
}
