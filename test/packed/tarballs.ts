import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './commands.js';

const WORKSPACE = join(import.meta.dirname, '..', '..');

/** The folders of the packages that are published. */
export const PUBLISHED = ['contract', 'mock-server', 'nestjs', 'redis', 'sqlite'] as const;

/** The folder of a published package. */
export type Published = (typeof PUBLISHED)[number];

/** The source folder of a package. */
function folderOf(name: Published): string {
  return join(WORKSPACE, 'packages', name);
}

/**
 * Packs the published packages as a release does, so that `workspace:` and `catalog:` are replaced by versions. They
 * must have been built.
 */
export async function packAll(destination: string): Promise<Record<Published, string>> {
  await mkdir(destination, { recursive: true });
  const packed = await Promise.all(PUBLISHED.map((name) => pack(name, destination)));
  return Object.fromEntries(packed) as Record<Published, string>;
}

async function pack(name: Published, destination: string): Promise<[Published, string]> {
  const out = await run('npx', ['-y', 'pnpm@12', 'pack', '--json', '--pack-destination', destination], folderOf(name));
  const { filename } = JSON.parse(out.slice(out.indexOf('{'))) as { filename: string };
  return [name, filename];
}
