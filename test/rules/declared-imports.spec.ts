import { describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const PACKAGES = join(import.meta.dirname, '..', '..', 'packages');
const folders = (await readdir(PACKAGES, { withFileTypes: true }))
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);
const manifestOf = async (name: string) =>
  JSON.parse(await readFile(join(PACKAGES, name, 'package.json'), 'utf8')) as Record<string, object>;
/** The packages that have users of their own: a private one is embedded in others. */
const names: string[] = [];
for (const name of folders) if (!(await manifestOf(name))['private']) names.push(name);

const IMPORT =
  /(?:^|\n)\s*(?:import|export)\s(?:[^'";]*?\sfrom\s)?['"]([^'"]+)['"]|\b(?:import|require)\(\s*['"]([^'"]+)['"]\s*\)/g;

async function shippedSources(name: string): Promise<string[]> {
  const folder = join(PACKAGES, name, 'src');
  const files = await readdir(folder, { recursive: true });
  // What only the bundled command has, with what it imports.
  const bundled = /^cli[\\/]main\.ts$/;
  return files
    .filter((file) => file.endsWith('.ts') && !/\.(?:spec|fixture)\.ts$/.test(file) && !bundled.test(file))
    .map((file) => join(folder, file));
}

/** The package that a specifier names; undefined for a relative path or a Node builtin. */
function packageOf(specifier: string): string | undefined {
  if (specifier.startsWith('.') || specifier.startsWith('node:')) return undefined;
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

describe.each(names)('packages/%s', (name) => {
  it('imports only what its manifest declares for its users', async () => {
    const manifest = await manifestOf(name);
    const declared = new Set([
      ...Object.keys(manifest['dependencies'] ?? {}),
      ...Object.keys(manifest['peerDependencies'] ?? {}),
    ]);
    const undeclared: string[] = [];
    for (const file of await shippedSources(name)) {
      for (const [, from, dynamic] of (await readFile(file, 'utf8')).matchAll(IMPORT)) {
        const found = packageOf(from ?? dynamic ?? '');
        if (found !== undefined && !declared.has(found)) undeclared.push(`${file.slice(PACKAGES.length)}: ${found}`);
      }
    }
    expect(undeclared).toEqual([]);
  });

  it('exports the same names from both builds, and can be required as an ES module without top-level await', async () => {
    const [esm, cjs] = ['esm', 'cjs'].map((build) => join(PACKAGES, name, 'dist', build, 'index.js'));
    const script = `
      const names = (of) => Object.keys(of).filter((each) => each !== 'default' && each !== '__esModule').sort();
      import(${JSON.stringify(pathToFileURL(esm ?? '').href)}).then((imported) => {
        const answer = { imported: names(imported), required: names(require(${JSON.stringify(cjs)})) };
        require(${JSON.stringify(esm)});
        console.log(JSON.stringify(answer));
      });`;
    const output = await new Promise<string>((resolve, reject) => {
      execFile(
        process.execPath,
        ['--no-warnings', '-r', 'reflect-metadata', '-e', script],
        { cwd: import.meta.dirname },
        (error, stdout) => (error ? reject(error) : resolve(stdout)),
      );
    });
    const { imported, required } = JSON.parse(output) as Record<string, string[]>;
    expect(imported).not.toEqual([]);
    expect(required).toEqual(imported);
  });
});

describe('an optional peer', () => {
  it.each(names)('of packages/%s is not loaded by its main entry, at most on demand', async (name) => {
    const manifest = JSON.parse(await readFile(join(PACKAGES, name, 'package.json'), 'utf8')) as {
      peerDependenciesMeta?: Record<string, { optional?: boolean }>;
    };
    const optional = Object.entries(manifest.peerDependenciesMeta ?? {}).flatMap(([peer, meta]) =>
      meta.optional ? [peer] : [],
    );
    const loaded = await loadedBy(join(PACKAGES, name, 'dist', 'esm', 'index.js'));
    expect(loaded.length).toBeGreaterThan(0);
    expect(optional.filter((peer) => loaded.includes(peer))).toEqual([]);
  });
});

/** The packages that a compiled file imports statically, itself or through its own files. */
async function loadedBy(entry: string): Promise<string[]> {
  const files = new Set([entry]);
  const packages = new Set<string>();
  for (const file of files) {
    for (const [, from] of (await readFile(file, 'utf8')).matchAll(IMPORT)) {
      if (from === undefined) continue;
      if (from.startsWith('.')) files.add(join(file, '..', from));
      else packages.add(packageOf(from) ?? from);
    }
  }
  return [...packages, ...files];
}
