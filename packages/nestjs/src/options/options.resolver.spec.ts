import { describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DEFAULTS } from './options.defaults.js';
import { resolveOptions } from './options.resolver.js';
import type { IdentityVerifyOptions } from './options.types.js';

const credentials = { appCode: 'code' };
const resolved = resolveOptions({ credentials });
const SOURCE = join(import.meta.dirname, '..');

const UNITS: Readonly<Record<string, number>> = { h: 3_600_000, 小时: 3_600_000, min: 60_000, 分钟: 60_000 };

/** The number at the start of an `@default` or a table cell, such as `12_000`, `86,400,000` or `24 h`. */
function numberIn(text: string): number {
  const [, digits = '', unit = ''] = /^\s*`?([\d.,_]*\d)`?(?: (h|min|小时|分钟))?/.exec(text) ?? [];
  return digits === '' ? NaN : Number(digits.replace(/[_,]/g, '')) * (UNITS[unit] ?? 1);
}

/** The options with a numeric default, by path. */
const NUMBERS: [path: string, value: number][] = Object.entries(resolved).flatMap(([name, value]) => {
  if (typeof value === 'number') return [[name, value] as [string, number]];
  if (typeof value !== 'object' || Array.isArray(value)) return [];
  return Object.entries(value as object)
    .filter((entry): entry is [string, number] => typeof entry[1] === 'number')
    .map(([part, number]): [string, number] => [`${name}.${part}`, number]);
});

describe('resolveOptions', () => {
  it('fills in every default, and freezes the result', () => {
    expect(Object.isFrozen(resolved)).toBe(true);
    expect(resolved).toMatchObject({
      attemptTimeoutMs: 10_000,
      minAttemptMs: 500,
      drainMs: 12_500,
      upstreamIsMock: false,
      subjectLimit: DEFAULTS.subjectLimit,
    });
    expect(resolveOptions({ credentials, deadlineMs: 3_000 })).toMatchObject({
      attemptTimeoutMs: 3_000,
      minAttemptMs: 150,
      drainMs: 3_500,
    });
    expect(resolveOptions({ credentials, baseUrl: 'http://127.0.0.1:1' }).upstreamIsMock).toBe(true);
    expect(resolveOptions({ credentials, subjectLimit: false }).subjectLimit).toBeUndefined();
  });

  it('treats undefined as missing, in groups too', () => {
    const given = { credentials, deadlineMs: undefined, retry: { max: undefined }, budget: { fenPerCall: undefined } };
    expect(resolveOptions(given as unknown as IdentityVerifyOptions)).toEqual(resolved);
  });

  it('completes a partial group', () => {
    expect(resolveOptions({ credentials, lifetimes: { matchMs: 5 } }).lifetimes).toEqual({
      ...DEFAULTS.lifetimes,
      matchMs: 5,
    });
  });
});

describe('the documented defaults', () => {
  it('match the doc comments', async () => {
    const files = [
      'options/options.types.ts',
      'upstream/call.limiter.ts',
      'upstream/circuit.breaker.ts',
      'upstream/retry.policy.ts',
      'accounts/tenant.directory.ts',
    ];
    const sources = (await Promise.all(files.map((file) => readFile(join(SOURCE, file), 'utf8')))).join('\n');
    const defaults = [...sources.matchAll(/@default ([^\n]*?)(?: \*\/\s*|\n\s*\*\/\s*)readonly (\w+)\?:/g)].map(
      ([, text = '', name = '']) => [name, text] as const,
    );
    for (const [path, value] of NUMBERS) {
      const name = path.split('.').at(-1)!;
      if (path.startsWith('subjectLimit.') || name === 'drainMs') continue; // written as an object, and as a formula
      // `max` is an option of two groups.
      const documented = defaults.filter(([of]) => of === name).map(([, text]) => numberIn(text));
      expect([path, documented.includes(value), documented]).toEqual([path, true, documented]);
    }
  });

  it.each(['README.md', 'README.zh-CN.md'])('match the table of %s', async (page) => {
    const readme = await readFile(join(SOURCE, '..', page), 'utf8');
    for (const [path, value] of NUMBERS) {
      const [group = '', part] = path.split('.');
      const [, cell = ''] = new RegExp(`^\\| \`${group}\` *\\| ([^|]*)\\|`, 'm').exec(readme) ?? [];
      if (path === 'drainMs') continue; // a formula
      const text = part === undefined ? cell : cell.slice(cell.indexOf(`\`${part}\``) + part.length + 3);
      expect([path, numberIn(text)]).toEqual([path, value]);
    }
  });
});
