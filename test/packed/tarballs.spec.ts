import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, normalize, relative } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { run } from '../../tools/lib/packed/commands.mjs';
import { packAll, PUBLISHED, type Published } from '../../tools/lib/packed/tarballs.mjs';

const require = createRequire(import.meta.url);

let folder: string;
let tarballs: Record<Published, string>;

/** The folder of an unpacked tarball. */
const unpacked = (name: Published) => join(folder, name, 'package');

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'identity-verify-tarballs-'));
  tarballs = await packAll(folder);
  for (const name of PUBLISHED) {
    await run('mkdir', ['-p', name], folder);
    await run('tar', ['-xzf', tarballs[name], '-C', name], folder);
  }
}, 120_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

async function filesOf(name: Published): Promise<string[]> {
  const root = unpacked(name);
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => relative(root, join(entry.parentPath, entry.name)));
}

const mapOf = async (name: Published, file: string) =>
  JSON.parse(await readFile(join(unpacked(name), file), 'utf8')) as { sources: string[]; sourcesContent?: unknown[] };

const manifestOf = async (name: Published) =>
  JSON.parse(await readFile(join(unpacked(name), 'package.json'), 'utf8')) as Record<string, Record<string, string>>;

describe.each(PUBLISHED)('the tarball of %s', (name) => {
  it('contains both builds, a licence and a README, but no specs or build info', async () => {
    const files = await filesOf(name);
    expect(files).toEqual(
      expect.arrayContaining([
        'dist/esm/index.js',
        'dist/cjs/index.js',
        'dist/cjs/package.json',
        'LICENSE',
        'README.md',
      ]),
    );
    expect(files.filter((file) => /\.spec\.|\.tsbuildinfo$|__|\.fixture\.|tsconfig/.test(file))).toEqual([]);
  });

  it('contains every source of its source maps', async () => {
    const files = await filesOf(name);
    const maps = files.filter((file) => file.endsWith('.map'));
    expect(maps.length).toBeGreaterThan(0);
    for (const map of maps) {
      const { sources, sourcesContent = [] } = await mapOf(name, map);
      for (const [index, source] of sources.entries()) {
        if (typeof sourcesContent[index] !== 'string') expect(files).toContain(normalize(join(dirname(map), source)));
      }
    }
  });

  it('depends on versions, without `workspace:` or `catalog:`', async () => {
    const manifest = await manifestOf(name);
    for (const field of ['dependencies', 'peerDependencies', 'optionalDependencies']) {
      for (const range of Object.values(manifest[field] ?? {})) expect(range).toMatch(/^[\^~>=\d]/);
    }
  });

  it('passes publint', async () => {
    const { messages, pkg } = await publint({ pkgDir: unpacked(name), pack: false, strict: true, level: 'warning' });
    expect(messages.map((message) => formatMessage(message, pkg, { color: false }))).toEqual([]);
  });

  it('has correct types for every kind of import', async () => {
    const attw = join(dirname(require.resolve('@arethetypeswrong/cli/package.json')), 'dist', 'index.js');
    // The `node10` resolution does not support subpaths of `exports`; no supported runtime uses it.
    await run(process.execPath, [attw, tarballs[name], '--profile', 'node16', '--no-color', '--no-emoji'], folder);
  }, 60_000);
});

it('has only peers that a Nest application already has', async () => {
  const { dependencies, peerDependencies } = await manifestOf('nestjs');
  expect(Object.keys(dependencies ?? {})).toEqual(['@identity-verify/contract', '@opentelemetry/api', 'undici']);
  expect(
    Object.keys(peerDependencies ?? {})
      .filter((peer) => peer.startsWith('@nestjs/'))
      .toSorted(),
  ).toEqual(expect.arrayContaining(['@nestjs/axios', '@nestjs/common', '@nestjs/core']));
});

describe('the command of the mock', () => {
  const maps = async () => {
    const files = (await filesOf('mock-server')).filter((file) => /^dist\/command\/.*\.map$/.test(file));
    return Promise.all(files.map((file) => mapOf('mock-server', file)));
  };

  it('runs from its tarball alone', async () => {
    const { bin, version } = (await manifestOf('mock-server')) as unknown as { bin: object; version: string };
    const [file = ''] = Object.values(bin) as string[];
    expect(await run(process.execPath, [file, '--version'], unpacked('mock-server'))).toBe(`${version}\n`);
  });

  it('comes with the licence of every package that it contains', async () => {
    const sources = (await maps()).flatMap((map) => map.sources);
    const names = sources.flatMap((source) => /^.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(source)?.[1] ?? []);
    expect(names).toContain('commander');
    const text = await readFile(join(unpacked('mock-server'), 'dist/command/THIRD-PARTY-LICENSES.txt'), 'utf8');
    for (const name of new Set(names)) expect(text).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\(`, 'm'));
  });

  it('contains nothing that is loaded only when it is needed', async () => {
    const { dependencies } = await manifestOf('mock-server');
    const sources = (await maps()).flatMap((map) => map.sources);
    const external = Object.keys(dependencies ?? {}).filter((name) => !name.startsWith('@identity-verify/'));
    expect(external).toEqual(expect.arrayContaining(['ajv', 'express']));
    for (const name of external)
      expect(sources.filter((source) => source.includes(`/node_modules/${name}/`))).toEqual([]);
  });
});
