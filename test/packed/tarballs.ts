import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './commands.js';

const WORKSPACE = join(import.meta.dirname, '..', '..');

/** The folders of the packages that are published. */
export const PUBLISHED = ['contract', 'mock-server', 'nestjs', 'redis', 'sqlite'] as const;

/** The folder of a published package. */
export type Published = (typeof PUBLISHED)[number];

/**
 * Packs the published packages as a release does, so that `workspace:` and `catalog:` are replaced by versions. They
 * must have been built.
 */
export async function packAll(destination: string): Promise<Record<Published, string>> {
  await mkdir(destination, { recursive: true });
  const flags = ['--recursive', '--filter', './packages/*', 'pack', '--json', '--pack-destination', destination];
  const out = await run('npx', ['-y', 'pnpm@12', ...flags], WORKSPACE);
  const packed = JSON.parse(out.slice(out.indexOf('['))) as { name: string; filename: string }[];
  const fileOf = (name: Published) => packed.find((each) => each.name === `@identity-verify/${name}`)?.filename ?? '';
  return Object.fromEntries(PUBLISHED.map((name) => [name, fileOf(name)])) as Record<Published, string>;
}
