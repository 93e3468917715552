/**
 * Progress for output that is no terminal: a line for each finished file, with how many are done, the time since the start
 * and the time of the file, so that the log of a CI job shows how far the run is and what is slow. The messages of a
 * failed file follow its line.
 */
import { relative } from 'node:path';

export default class ProgressReporter {
  #startedAt = 0;

  onRunStart({ numTotalTestSuites }) {
    this.#startedAt = Date.now();
    say(`${numTotalTestSuites} files\n`);
  }

  onTestFileResult(_test, result, { numTotalTestSuites, ...done }) {
    const count = done.numPassedTestSuites + done.numFailedTestSuites + done.numPendingTestSuites;
    const { testFilePath, perfStats, numPassingTests, numFailingTests, failureMessage, console: printed } = result;
    const verdict = failureMessage ? 'FAIL' : 'pass';
    const tests = `${numPassingTests} passed${numFailingTests > 0 ? `, ${numFailingTests} failed` : ''}`;
    const path = relative(process.cwd(), testFilePath);
    const seconds = (perfStats.runtime / 1_000).toFixed(1);
    const part = `[${String(count).padStart(String(numTotalTestSuites).length)}/${numTotalTestSuites}]`;
    say(`${part} ${clockTime(Date.now() - this.#startedAt)} ${verdict} ${path} (${tests}, ${seconds} s)\n`);
    if (!failureMessage) return;
    for (const { type, message } of printed ?? []) say(`  console.${type}: ${message}\n`);
    say(`${failureMessage}\n`);
  }
}

function say(text) {
  process.stdout.write(text);
}

function clockTime(ms) {
  const seconds = Math.floor(ms / 1_000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
