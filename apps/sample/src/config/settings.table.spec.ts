import { readFileSync } from 'node:fs';
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
  it('start from an empty environment, on loopback, against the mock', () => {
    expect(readSettings({})).toMatchObject({
      SAMPLE_HOST: '127.0.0.1',
      SAMPLE_PORT: 3000,
      IDENTITY_VERIFY_APP_CODE: undefined,
      IDENTITY_VERIFY_BASE_URL: undefined,
    });
  });

  it('name every variable that is wrong, and repeat no value', () => {
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

  it.each(['', ' ', '-1', '1e3', '0x10', '3000.5', '99999'])('refuse the port %j', (port) => {
    expect(problemsOf({ SAMPLE_PORT: port })).toContain('SAMPLE_PORT');
  });

  it('stand in the table of the README, with the same defaults and meanings', () => {
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
