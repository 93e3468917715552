import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { npmInstall, run } from '../lib/packed/commands.mjs';
import { MODULES, NESTS, PLATFORMS, TYPESCRIPT } from './versions.data.mjs';

const SOURCE = join(import.meta.dirname, 'app');

/**
 * Finds a version of Node: the one that runs this program, or one of the registry.
 *
 * @param {string} version whole, or the beginning of one
 * @returns {Promise<{path: string, version: string, requiresModules: boolean}>}
 */
export async function installNode(version, folder, options) {
  let path = process.execPath;
  if (!`${process.versions.node}.`.startsWith(`${version}.`)) {
    const home = join(folder, `node-${version}`);
    const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
    await writeJson(join(home, 'package.json'), { private: true });
    await npmInstall([`${name}@${version}`], home, options);
    path = join(home, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  }
  const script = 'JSON.stringify([process.versions.node, process.features.require_module === true])';
  const { stdout } = await promisify(execFile)(path, ['-p', script]);
  const [found, requiresModules] = JSON.parse(stdout);
  return { path, version: found, requiresModules };
}

/**
 * Installs a version of Nest and the tarballs with npm, and compiles the application for each module system.
 *
 * @param {{nest: string, platform: string}} cell
 * @param {string[]} tarballs
 * @returns {Promise<{home: string, manifests: object[]}>} manifests of what the application depends on
 */
export async function installApplication({ nest, platform }, tarballs, folder, options) {
  const row = NESTS[nest];
  const home = join(folder, `nest-${nest}-${platform}`);
  const dependencies = {
    '@nestjs/common': row.nest,
    '@nestjs/core': row.nest,
    [`@nestjs/platform-${platform}`]: row[platform],
    ...row.with,
  };
  const devDependencies = { '@types/node': '20', typescript: TYPESCRIPT[Number.parseInt(nest)] };
  await writeJson(join(home, 'package.json'), { private: true, dependencies, devDependencies });
  await npmInstall(tarballs, home, options);
  const tsc = join(home, 'node_modules', 'typescript', 'bin', 'tsc');
  for (const module of MODULES) {
    await writeApplication(join(home, module), module, platform);
    await run(process.execPath, [tsc, '-p', module], home, options);
  }
  const { dependencies: installed } = JSON.parse(await readFile(join(home, 'package.json'), 'utf8'));
  const manifestOf = async (name) =>
    JSON.parse(await readFile(join(home, 'node_modules', name, 'package.json'), 'utf8'));
  return { home, manifests: await Promise.all(Object.keys(installed).map(manifestOf)) };
}

/** Writes the sources of the application into a folder of a home, where its packages are. */
export async function writeApplication(folder, module, platform) {
  await writeJson(join(folder, 'package.json'), { type: module === 'esm' ? 'module' : 'commonjs' });
  await cp(SOURCE, join(folder, 'src'), { recursive: true });
  await rename(join(folder, 'src', 'tsconfig.json'), join(folder, 'tsconfig.json'));
  await rename(join(folder, 'src', `platform.${platform}.ts`), join(folder, 'src', 'platform.ts'));
  for (const other of PLATFORMS) await rm(join(folder, 'src', `platform.${other}.ts`), { force: true });
}

async function writeJson(file, value) {
  await mkdir(join(file, '..'), { recursive: true });
  await writeFile(file, `${JSON.stringify(value, null, 2)}\n`);
}
