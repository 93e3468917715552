import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ADMIN_OPERATIONS } from '../admin/operations.js';
import { SETTINGS } from './settings.table.js';

describe.each(['README.md', 'README.zh-CN.md'])('%s', (file) => {
  const readme = readFileSync(join(import.meta.dirname, '../..', file), 'utf8');

  it('lists exactly the settings that exist', () => {
    const listed = [...readme.matchAll(/^\| `(--[a-z-]+)[^|]*\| `(IDV_MOCK_\w+)` +\|/gm)].map(
      ([, flag, env]) => `${flag} ${env}`,
    );
    expect(listed).toEqual(SETTINGS.map(({ flag, env }) => `${flag} ${env}`));
  });

  it('lists every path of the admin API', () => {
    const parts = new Set(ADMIN_OPERATIONS.map(({ path }) => path.replace('/__admin/', '')));
    for (const part of parts) expect(readme).toMatch(new RegExp(`\\b${part}\\b`));
  });
});
