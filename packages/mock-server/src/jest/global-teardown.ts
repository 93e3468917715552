import { takeMock } from './running-mock.js';

/** Jest `globalTeardown`: stops the mock that the setup started. */
// oxlint-disable-next-line import/no-default-export -- Jest looks for nothing else
export default async function teardown(): Promise<void> {
  await takeMock()?.close();
}
