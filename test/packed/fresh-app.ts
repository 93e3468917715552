import { cp, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { npmInstall } from '../../tools/lib/packed/commands.mjs';
import type { Published } from '../../tools/lib/packed/tarballs.mjs';

const APPS = join(import.meta.dirname, 'apps');

/** A typical application of a user. */
export interface FreshApp {
  readonly name: string;
  /** True when its imports have no `.js` extension, as in the matching starter. */
  readonly extensionless: boolean;
  /** The npm scripts that run its unit test, one per test runner. */
  readonly unitTests: readonly string[];
}

/** Writes the application to a new folder and installs the tarballs into it with npm. */
export async function createApp(
  { name, extensionless }: FreshApp,
  folder: string,
  tarballs: Record<Published, string>,
): Promise<void> {
  await cp(join(APPS, name), folder, { recursive: true });
  await cp(join(APPS, 'source'), join(folder, 'src'), { recursive: true });
  if (extensionless) await dropExtensions(join(folder, 'src'));
  await npmInstall(Object.values(tarballs), folder);
}

async function dropExtensions(folder: string): Promise<void> {
  for (const file of await readdir(folder)) {
    const path = join(folder, file);
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.replace(/from '(\.\/[^']+)\.js'/g, "from '$1'"));
  }
}
