import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { whenLauncherIsGone } from './launcher.watch.js';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

const MINE = "'identity-verify-mock'";

it.each([
  ['nothing: a shell, nohup, systemd, Docker', {}],
  [
    'a script of a package, which may put it into the background',
    {
      npm_lifecycle_event: 'pretest',
      npm_command: 'run-script',
      npm_lifecycle_script: 'identity-verify-mock & sleep 1',
    },
  ],
  [
    'another command of npx',
    { npm_lifecycle_event: 'npx', npm_command: 'exec', npm_lifecycle_script: "'concurrently'" },
  ],
])('watches nothing if it was started by %s', (_, environment) => {
  whenLauncherIsGone(() => undefined, environment);
  expect(jest.getTimerCount()).toBe(0);
});

it('watches npx until the watch is stopped, and does nothing while the launcher lives', () => {
  const gone = jest.fn();
  const stop = whenLauncherIsGone(gone, { npm_lifecycle_event: 'npx', npm_lifecycle_script: MINE });
  jest.advanceTimersByTime(5_000);
  expect([gone.mock.calls.length, jest.getTimerCount()]).toEqual([0, 1]);
  stop();
  expect(jest.getTimerCount()).toBe(0);
});
