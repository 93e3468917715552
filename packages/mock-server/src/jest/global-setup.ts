import { startMockOfTestRun } from '../cli/test-run.js';
import { keepMock } from './running-mock.js';

/** Jest `globalSetup`: starts the mock of the run. */
// oxlint-disable-next-line import/no-default-export -- Jest looks for nothing else
export default async function setup(): Promise<void> {
  keepMock(await startMockOfTestRun());
}
