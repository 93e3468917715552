import { readFileSync } from 'node:fs';
import { ENDPOINT } from '@identity-verify/contract';
import { describe, expect, it } from '@jest/globals';
import { readSettings, SETTINGS, SettingsError } from './settings.table.js';

const problemsOf = (environment: Record<string, string>): string => {
  try {
    readSettings(environment);
  } catch (error) {
    if (error instanceof SettingsError) return error.message;
    throw error;
  }
  return '';
};

describe('settings', () => {
  it('default to loopback and the mock when the environment is empty', () => {
    expect(readSettings({})).toMatchObject({
      SAMPLE_HOST: '127.0.0.1',
      SAMPLE_PORT: 3000,
      IDENTITY_VERIFY_APP_CODE: undefined,
      IDENTITY_VERIFY_BASE_URL: undefined,
    });
  });

  it('report every invalid variable without its value', () => {
    const message = problemsOf({
      SAMPLE_PORT: '70000',
      IDENTITY_VERIFY_APP_CODE: 'bad\nvalue-of-a-secret',
      IDENTITY_VERIFY_BASE_URL: 'https://user:password@host',
    });
    expect(message).toMatch(/^SAMPLE_PORT must be a whole number from 0 to 65535\.$/m);
    expect(message).toMatch(/^IDENTITY_VERIFY_APP_CODE must be/m);
    expect(message).toMatch(/^IDENTITY_VERIFY_BASE_URL must be/m);
    expect(message).not.toMatch(/70000|value-of-a-secret|password/);
  });

  it.each(['', ' ', '-1', '1e3', '0x10', '3000.5', '99999'])('reject the port %j', (port) => {
    expect(problemsOf({ SAMPLE_PORT: port })).toContain('SAMPLE_PORT');
  });

  it('ignore the variables that Kubernetes sets for a Service called sample', () => {
    expect(readSettings({ SAMPLE_PORT: 'tcp://10.0.0.1:3000', SAMPLE_SERVICE_HOST: '10.0.0.1' }).SAMPLE_PORT).toBe(
      3000,
    );
  });

  it('accept lists of hosts and networks, and reject anything else', () => {
    const settings = readSettings({
      SAMPLE_ALLOWED_HOSTS: 'App.example, app.example:8443,[::1]:80,,',
      SAMPLE_TRUSTED_PROXIES: '10.0.0.0/8, 127.0.0.1,fd00::/8',
    });
    expect(settings.SAMPLE_ALLOWED_HOSTS).toEqual(['app.example', 'app.example:8443', '[::1]:80']);
    expect(settings.SAMPLE_TRUSTED_PROXIES).toEqual(['10.0.0.0/8', '127.0.0.1', 'fd00::/8']);
    for (const wrong of ['https://app.example', 'app.example/path', '*', 'a b', 'app.example:x', '[::1', 'a:99999'])
      expect(problemsOf({ SAMPLE_ALLOWED_HOSTS: wrong })).toContain('SAMPLE_ALLOWED_HOSTS must be');
    for (const wrong of [
      'true',
      '1',
      'loopback',
      '10.0.0.0/33',
      '10.0.0/8',
      '::/129',
      '10.0.0.1/8/8',
      '10.0.0.1/',
      '*',
    ])
      expect(problemsOf({ SAMPLE_TRUSTED_PROXIES: wrong })).toContain('SAMPLE_TRUSTED_PROXIES must be');
  });

  it.each([
    [{ IDENTITY_VERIFY_UPSTREAM: 'real' }, /IDENTITY_VERIFY_APP_CODE must be set/],
    [{ IDENTITY_VERIFY_UPSTREAM: 'fake' }, /IDENTITY_VERIFY_UPSTREAM must be one of mock, real/],
    [{ IDENTITY_VERIFY_BASE_URL: `https://${ENDPOINT.host}` }, /is the vendor/],
    [
      { REDIS_URL: 'redis://h', IDENTITY_VERIFY_LEDGER: ':memory:' },
      /^REDIS_URL and IDENTITY_VERIFY_LEDGER are both set/,
    ],
    [{ REDIS_URL: 'redis://h', IDENTITY_VERIFY_LEDGER: '.data/ledger.db' }, /unset one of them/],
    [
      {
        IDENTITY_VERIFY_UPSTREAM: 'mock',
        IDENTITY_VERIFY_APP_CODE: 'app-code-for-tests',
        IDENTITY_VERIFY_BASE_URL: `https://${ENDPOINT.host}:443`,
      },
      /is the vendor/,
    ],
  ])('are rejected if they contradict each other: %j', (environment, message) => {
    expect(problemsOf(environment as Record<string, string>)).toMatch(message);
  });

  it('take the URL of a Redis, and repeat no password of a wrong one', () => {
    for (const url of ['redis://h', 'rediss://user:a-password@h.example:6380/2', 'redis://[::1]:6379', 'redis://:p@h'])
      expect(readSettings({ REDIS_URL: url }).REDIS_URL).toBe(url);
    for (const nothing of ['', ' ']) {
      const settings = readSettings({ REDIS_URL: nothing, IDENTITY_VERIFY_LEDGER: 'a.db' });
      expect(settings).toMatchObject({ REDIS_URL: undefined, IDENTITY_VERIFY_LEDGER: 'a.db' });
    }
    for (const wrong of ['http://u:a-password@h', 'h:6379', 'redis://', 'redis:h', 'redis://u:a-password@h:port']) {
      expect(problemsOf({ REDIS_URL: wrong })).toBe(
        'REDIS_URL must be redis://[user:password@]host[:port][/database], or rediss:// with TLS.',
      );
    }
  });

  it('are in the table of the README, with the same defaults and meanings', () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
    const rows = readme.split('\n').filter((line) => /^\| `[A-Z_]+`/.test(line));
    const cells = rows.map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
    expect(cells).toEqual(
      Object.entries(SETTINGS).map(([name, { byDefault, meaning }]) => [
        `\`${name}\``,
        byDefault === '' ? '–' : `\`${byDefault}\``,
        meaning,
      ]),
    );
  });
});
