import { expect, it } from '@jest/globals';
import { readSettings } from '../config/settings.table.js';
import { raceRefusal } from './race.guard.js';

const refusal = (environment: Record<string, string>) => {
  const settings = readSettings(environment);
  return raceRefusal({ get: (name) => settings[name] });
};

it.each([
  [{}, undefined],
  [{ IDENTITY_VERIFY_BASE_URL: 'http://[::1]:1979' }, undefined],
  [{ IDENTITY_VERIFY_BASE_URL: 'http://mock.internal:1979' }, 'not_loopback'],
  [{ IDENTITY_VERIFY_BASE_URL: 'http://127.0.0.1.example.com' }, 'not_loopback'],
  [{ IDENTITY_VERIFY_APP_CODE: 'an-app-code' }, 'real_upstream'],
  // An egress proxy on this machine may lead to the vendor.
  [{ IDENTITY_VERIFY_APP_CODE: 'an-app-code', IDENTITY_VERIFY_BASE_URL: 'http://127.0.0.1:8080' }, 'real_upstream'],
  [{ IDENTITY_VERIFY_APP_CODE: 'an-app-code', IDENTITY_VERIFY_UPSTREAM: 'mock' }, undefined],
])('a race with %j is refused because of: %s', (environment, expected) => {
  expect(refusal(environment)).toBe(expected);
});
