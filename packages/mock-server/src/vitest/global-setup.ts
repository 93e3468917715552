import { startMockOfTestRun } from '../cli/test-run.js';

/** Vitest `globalSetup`: starts the mock of the run. Returns its teardown, which stops the mock. */
// oxlint-disable-next-line import/no-default-export -- Vitest calls the default export, and what it returns
export default async function setup(): Promise<() => Promise<void>> {
  const mock = await startMockOfTestRun();
  return () => mock.close();
}
