import type { MockServer } from '../server/mock-server.js';

/** Jest loads setup and teardown in separate module registries, so they share the mock through a global symbol. */
const KEY = Symbol.for('@identity-verify/mock-server/jest');

type Holder = { [KEY]?: MockServer };

/** Stores the mock for the teardown. */
export function keepMock(mock: MockServer): void {
  (globalThis as Holder)[KEY] = mock;
}

/** Returns the stored mock and clears it. */
export function takeMock(): MockServer | undefined {
  const holder = globalThis as Holder;
  const mock = holder[KEY];
  delete holder[KEY];
  return mock;
}
