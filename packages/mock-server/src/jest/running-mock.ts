import type { MockServer } from '../server/mock-server.js';

/** Setup and teardown of Jest are loaded apart from each other: what one leaves for the other lies on the process. */
const KEY = Symbol.for('@identity-verify/mock-server/jest');

type Holder = { [KEY]?: MockServer };

/** Leaves the mock for the teardown. */
export function keepMock(mock: MockServer): void {
  (globalThis as Holder)[KEY] = mock;
}

/** The mock that the setup left, once. */
export function takeMock(): MockServer | undefined {
  const holder = globalThis as Holder;
  const mock = holder[KEY];
  delete holder[KEY];
  return mock;
}
