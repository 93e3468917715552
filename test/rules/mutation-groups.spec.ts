import { describe, expect, it } from '@jest/globals';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { GROUPS } from '../../tools/mutation/groups.mjs';

const ROOT = join(import.meta.dirname, '..', '..');
const groups = Object.entries(GROUPS).map(([name, { mutate, tests }]) => ({ name, mutate, tests }));

/** The rooms whose every source is mutated, except for files that hold types alone. */
const ROOMS = ['nestjs/src/identity', 'nestjs/src/ledger', 'nestjs/src/verification', 'mock-server/src/auth'];
const TYPES = /\.(?:types|port)\.ts$/;

async function filesOf(folder: string): Promise<string[]> {
  return (await readdir(join(ROOT, folder))).map((file) => `${folder}/${file}`);
}
const sources: string[] = [];
for (const room of ROOMS) {
  const files = await filesOf(`packages/${room}`);
  sources.push(...files.filter((file) => file.endsWith('.ts') && !/\.(?:spec|fixture)\.ts$/.test(file)));
}

/** Whether a path matches a pattern in which `*` stands for a part of a file's name. */
function matches(pattern: string, path: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.+^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('[^/]*')}$`).test(path);
}
const folderOf = (pattern: string) => pattern.slice(0, pattern.lastIndexOf('/'));

function isMutated(path: string): boolean {
  return groups.some(
    ({ mutate }) =>
      mutate.some((pattern) => matches(pattern, path)) && !mutate.some((pattern) => matches(pattern, `!${path}`)),
  );
}

describe('the groups of mutation tests', () => {
  it.each(groups)('mutate files that exist, and have tests: $name', async ({ mutate, tests }) => {
    const isFound = async (pattern: string) =>
      (await filesOf(folderOf(pattern))).some((file) => matches(pattern, file));
    for (const pattern of mutate.filter((one) => !one.startsWith('!'))) {
      expect({ pattern, isFound: await isFound(pattern) }).toEqual({ pattern, isFound: true });
    }
    const found = await Promise.all(tests.map((test) => isFound(`${test}.spec.ts`)));
    expect(found).not.toContain(false);
  });

  it('hold every source of the rooms that decide about identities and money', () => {
    expect(sources.length).toBeGreaterThan(40);
    expect(sources.filter((path) => !isMutated(path) && !TYPES.test(path))).toEqual([]);
  });
});
