import { existsSync, readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Finds the copies of packages below a folder. A link is no copy, because Node loads what it points to.
 *
 * @param {string} folder
 * @param {(name: string) => boolean} isWatched
 * @returns {Promise<Map<string, {path: string, version: string}[]>>}
 */
export async function findCopies(folder, isWatched) {
  const copies = new Map();
  await walk(folder, (path) => {
    const name = path
      .split(/[/\\]node_modules[/\\]/)
      .at(-1)
      .replaceAll('\\', '/');
    const manifest = join(path, 'package.json');
    if (!isWatched(name) || !existsSync(manifest)) return;
    const { version } = JSON.parse(readFileSync(manifest, 'utf8'));
    copies.set(name, [...(copies.get(name) ?? []), { path, version }]);
  });
  return copies;
}

/** Calls back for every package in a `node_modules`: a folder in it, or in a scope of it. */
async function walk(folder, onPackage) {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    const path = join(folder, entry.name);
    if (/[/\\]node_modules[/\\](?:@[^/\\]+[/\\])?[^@./\\][^/\\]*$/.test(path)) onPackage(path);
    await walk(path, onPackage);
  }
}

/**
 * Names what is not there exactly once.
 *
 * @param {Map<string, {path: string, version: string}[]>} copies
 * @param {string[]} expected packages that must be there
 */
export function faultsOf(copies, expected) {
  const absent = expected.filter((name) => !copies.has(name)).map((name) => `${name} is not installed`);
  const twice = [...copies]
    .filter(([, found]) => found.length > 1)
    .map(([name, found]) => `${name}: ${found.map(({ path, version }) => `${version} in ${path}`).join(', and ')}`);
  return [...absent, ...twice];
}

/**
 * Reads the commands that install the packages from a page: the blocks of one package manager, below the heading of one major
 * version of Nest.
 *
 * @returns {string[]}
 * @throws when the page has none
 */
export function installLines(page, nestMajor, manager) {
  const section = page.split(`**Nest ${nestMajor}**`)[1]?.split(/\n\*\*Nest|\n## /, 1)[0] ?? '';
  const block = new RegExp(`^\`\`\`sh \\[${manager}\\]\\n([^]*?)^\`\`\``, 'm').exec(section)?.[1];
  if (!block) throw new Error(`The page has no lines of ${manager} for Nest ${nestMajor}`);
  return block.trim().split('\n');
}
