import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { selectCells, selectInstalls, verdictOf } from '../../tools/matrix/cells.mjs';
import { faultsOf, findCopies, installLines } from '../../tools/matrix/copies.find.mjs';

const ROOT = join(import.meta.dirname, '..', '..');

describe('the cells of the matrix', () => {
  it('are every combination, once', () => {
    const cells = selectCells().map((cell) => JSON.stringify(cell));
    expect(new Set(cells).size).toBe(cells.length);
    expect(cells).toHaveLength(5 * 4 * 2 * 2);
  });

  it('include the lowest Node that the packages allow', async () => {
    const manifest = await readFile(join(ROOT, 'packages/nestjs/package.json'), 'utf8');
    const { engines } = JSON.parse(manifest) as { engines: { node: string } };
    const [floor] = selectCells();
    expect(`>=${floor?.node}`).toBe(`${engines.node}.0`);
  });

  it('can be chosen by the beginning of a version, or by a whole one', () => {
    const nests = (nest: string) => [...new Set(selectCells({ nest }).map((cell) => cell.nest))];
    expect(nests('11')).toEqual(['11.0', '11.2']);
    expect(nests('11.2.10, 12.5')).toEqual(['11.2', '12.5']);
    expect(selectCells({ node: '22.11.0', nest: '12.0', platform: 'fastify', module: 'esm' })).toEqual([
      { node: '22.11.0', nest: '12.0', platform: 'fastify', module: 'esm' },
    ]);
  });

  it.each([{ nest: '1' }, { nest: '13' }, { platform: 'koa' }, { module: 'amd' }, { node: 'latest' }])(
    'are refused for %j, which there is not',
    (selection) => {
      expect(() => selectCells(selection)).toThrow(/^--/);
    },
  );

  it('have installations for each package manager and each major version of Nest', () => {
    expect(selectInstalls({ manager: 'pnpm,npm' })).toEqual([
      { manager: 'npm', nest: '11' },
      { manager: 'npm', nest: '12' },
      { manager: 'pnpm', nest: '11' },
      { manager: 'pnpm', nest: '12' },
    ]);
    expect(() => selectInstalls({ manager: 'bower' })).toThrow('--manager bower');
  });
});

describe('the verdict on a cell', () => {
  const ran = { node: '22.11.0', requiresModules: true, isStarted: false, manifests: [], failures: ['ended with 1'] };
  const nest = (node: string) => [{ name: '@nestjs/core', version: '12.5.1', engines: { node } }];

  it('is that it passes when nothing failed, whatever a manifest says', () => {
    expect(verdictOf({ ...ran, failures: [], manifests: nest('>= 24') })).toEqual({ status: 'pass' });
  });

  it('is that it fails when nothing says that it cannot work', () => {
    expect(verdictOf(ran)).toEqual({ status: 'fail' });
    expect(verdictOf({ ...ran, manifests: nest('>= 20') })).toEqual({ status: 'fail' });
    expect(verdictOf({ ...ran, failures: ['Error [ERR_REQUIRE_ESM]: …'] })).toEqual({ status: 'fail' });
  });

  it('is that it fails when it starts and answers wrongly, whatever a manifest says', () => {
    const failures = ['a match, status: expected 201, got 500'];
    expect(verdictOf({ ...ran, isStarted: true, failures, manifests: nest('>= 24') })).toEqual({ status: 'fail' });
  });

  it('is that it is not supported when a manifest refuses the Node', () => {
    const reason = '@nestjs/core 12.5.1 wants Node >= 24';
    expect(verdictOf({ ...ran, manifests: nest('>= 24') })).toEqual({ status: 'unsupported', reason });
  });

  it('is that it is not supported when the Node cannot require ES modules, and that was the failure', () => {
    const old = { ...ran, requiresModules: false };
    expect(verdictOf(old)).toEqual({ status: 'fail' });
    expect(verdictOf({ ...old, failures: ['Error [ERR_REQUIRE_ESM]: …'] })).toMatchObject({ status: 'unsupported' });
  });
});

describe('the copies of a package', () => {
  let folder: string;
  const isWatched = (name: string) => ['axios', '@nestjs/common'].includes(name);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'identity-verify-copies-'));
    for (const [path, version] of [
      ['once/node_modules/axios', '1.21.1'],
      ['once/node_modules/axios/lib/axios', '0.0.0'], // no package: it is in no node_modules
      ['once/node_modules/@nestjs/common', '12.5.1'],
      ['twice/node_modules/axios', '1.21.1'],
      ['twice/node_modules/@nestjs/axios/node_modules/axios', '1.20.0'],
      ['linked/node_modules/.pnpm/axios@1.21.1/node_modules/axios', '1.21.1'],
      ['peers/node_modules/.pnpm/@nestjs+common@12_a/node_modules/@nestjs/common', '12.5.1'],
      ['peers/node_modules/.pnpm/@nestjs+common@12_b/node_modules/@nestjs/common', '12.5.1'],
    ] as const) {
      const manifest = join(folder, path, 'package.json');
      await mkdir(dirname(manifest), { recursive: true });
      await writeFile(manifest, JSON.stringify({ version }));
    }
    const link = join(folder, 'linked/node_modules/axios');
    await symlink(join(folder, 'linked/node_modules/.pnpm/axios@1.21.1/node_modules/axios'), link, 'junction');
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.each([
    ['once', ['@nestjs/common', 'axios'], []],
    ['once', ['rxjs'], ['rxjs is not installed']],
    ['twice', ['axios'], [expect.stringMatching(/^axios: (?=.*1\.21\.1 in )(?=.*1\.20\.0 in )/)]],
    ['linked', ['axios'], []],
    ['peers', [], [expect.stringMatching(/^@nestjs\/common: 12\.5\.1 in .*, and 12\.5\.1 in /)]],
  ])('are counted as Node loads them: %s', async (home, expected, faults) => {
    expect(faultsOf(await findCopies(join(folder, home), isWatched), expected)).toEqual(faults);
  });
});

describe('the lines of the documents', () => {
  it.each(['docs/guide/quick-start.md', 'docs/en/guide/quick-start.md'])(
    'are there for every manager in %s',
    async (path) => {
      const page = await readFile(join(ROOT, path), 'utf8');
      for (const [major, axios] of [
        ['11', '@nestjs/axios@4'],
        ['12', '@nestjs/axios@12'],
      ] as const) {
        for (const manager of ['npm', 'pnpm', 'yarn']) {
          const lines = installLines(page, major, manager);
          expect(lines).toHaveLength(2);
          expect(lines[0]).toMatch(new RegExp(`^${manager} .* ${axios} `));
        }
      }
    },
  );

  it('are an error when there are none', () => {
    expect(() => installLines('**Nest 11**\n\n```sh [npm]\nnpm install a\n```\n', '12', 'npm')).toThrow(
      'no lines of npm',
    );
    expect(() => installLines('**Nest 11**\n\n**Nest 12**\n\n```sh [npm]\nnpm i\n```\n', '11', 'npm')).toThrow(
      'Nest 11',
    );
  });
});
