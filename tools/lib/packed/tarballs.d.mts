import type { RunOptions } from './commands.mjs';

/** The folders of the packages that are published. */
export const PUBLISHED: readonly ['contract', 'mock-server', 'nestjs', 'redis', 'sqlite'];

/** The folder of a published package. */
export type Published = (typeof PUBLISHED)[number];

/**
 * Packs the published packages as a release does, so that `workspace:` and `catalog:` are replaced by versions. They
 * must have been built.
 *
 * @returns the path of each tarball
 */
export function packAll(destination: string, options?: RunOptions): Promise<Record<Published, string>>;

/** The command of pnpm, and its first arguments. */
export function pnpmCommand(): [string, ...string[]];
