import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const WORKSPACE = join(import.meta.dirname, '..', '..');
const OXLINT = createRequire(join(WORKSPACE, 'package.json')).resolve('oxlint/package.json');

/** Imports that the rule forbids. */
const WRONG: [file: string, imports: string][] = [
  ['packages/contract/src/probe.ts', '@identity-verify/nestjs'],
  ['packages/contract/src/probe.ts', '@identity-verify/mock-server'],
  ['packages/contract/src/probe.ts', '../../packages/nestjs/src/index.js'],
  ['packages/page-kit/kit/probe.js', '@identity-verify/contract'],
  ['packages/page-kit/kit/probe.js', '../../contract/src/index.js'],
  ['packages/mock-server/page/probe.js', '../src/index.js'],
  ['packages/nestjs/src/probe.service.ts', '@identity-verify/mock-server'],
  ['packages/nestjs/src/probe.service.ts', '@identity-verify/redis'],
  ['packages/nestjs/src/probe.service.ts', '../../mock-server/src/index.js'],
  ['packages/nestjs/src/probe.service.ts', '../../../apps/sample/src/index.js'],
  ['packages/nestjs/src/ledger/probe.ts', '@nestjs/common'],
  ['packages/nestjs/src/upstream/probe.ts', 'rxjs'],
  ['packages/nestjs/src/identity/probe.ts', 'class-validator'],
  ['packages/nestjs/src/errors/probe.ts', '@identity-verify/mock-server'],
  ['packages/nestjs/src/probe.service.ts', '@identity-verify/sqlite'],
  ['packages/nestjs/src/ledger/probe.ts', '../../../sqlite/src/index.js'],
  ['packages/sqlite/src/probe.ts', '@identity-verify/mock-server'],
  ['packages/sqlite/src/probe.ts', '@identity-verify/redis'],
  ['packages/sqlite/src/probe.ts', '@nestjs/common'],
  ['packages/sqlite/src/probe.ts', '../../nestjs/src/ledger/memory.ledger.js'],
  ['packages/mock-server/src/probe.ts', '@identity-verify/sqlite'],
  ['packages/mock-server/src/probe.ts', '@identity-verify/nestjs'],
  ['packages/mock-server/src/probe.ts', '@identity-verify/nestjs/testing'],
  ['packages/mock-server/src/probe.ts', '@nestjs/common'],
  ['packages/mock-server/src/probe.ts', '../../nestjs/src/index.js'],
  ['packages/redis/src/probe.ts', '@identity-verify/mock-server'],
  ['packages/redis/src/probe.ts', '../../nestjs/src/ledger/memory.ledger.js'],
  ['packages/redis/src/probe.ts', '@nestjs/common'],
];

/** The rooms of the module from bottom to top: each may import those before it. */
const ROOMS = [
  'support',
  'errors',
  'identity',
  'ledger',
  'accounts',
  'upstream',
  'telemetry',
  'options',
  'transport',
  'verification',
];
/** The rooms of the mock. */
const ROOMS_OF_MOCK = [
  'support',
  'text',
  'wire',
  'faults',
  'scenario',
  'journal',
  'namespace',
  'auth',
  'pipeline',
  'page',
  'admin',
  'server',
];
for (const [name, rooms] of [
  ['nestjs', ROOMS],
  ['mock-server', ROOMS_OF_MOCK],
] as const) {
  for (const [i, room] of rooms.entries()) {
    const higher = rooms[i + 1] ?? 'cli';
    if (name !== 'nestjs' || higher !== 'cli') {
      WRONG.push([`packages/${name}/src/${room}/probe.ts`, `../${higher}/probe.js`]);
    }
    WRONG.push([`packages/${name}/src/${room}/probe.ts`, '../probe.service.js']);
  }
}
WRONG.push(['packages/nestjs/src/problem-details/probe.ts', '../ledger/ledger.port.js']);

const RIGHT: readonly [file: string, imports: string][] = [
  ['packages/page-kit/kit/probe.js', './dom.js'],
  ['packages/mock-server/page/probe.js', './kit/dom.js'],
  ['packages/nestjs/src/probe.service.ts', '@identity-verify/contract'],
  ['packages/nestjs/src/probe.service.ts', '@nestjs/common'],
  ['packages/nestjs/src/ledger/probe.ts', '@identity-verify/contract'],
  ['packages/nestjs/src/verification/probe.ts', '../ledger/ledger.port.js'],
  ['packages/nestjs/src/ledger/probe.ts', '../support/clock.js'],
  ['packages/nestjs/src/ledger/probe.spec.ts', '../testing/manual.clock.js'],
  ['packages/sqlite/src/probe.ts', '@identity-verify/nestjs'],
  ['packages/mock-server/src/probe.ts', '@identity-verify/contract'],
  ['packages/redis/src/probe.ts', '@identity-verify/nestjs'],
  ['apps/sample/src/probe.ts', '@identity-verify/nestjs'],
  ['test/probe.ts', '@identity-verify/mock-server'],
];

/** The file of a case. Each has a file of its own, so that one run of the linter reads all. */
const fileOf = (file: string, index: number) => file.replace(/\/probe\./, `/probe${index}.`);

interface Diagnostic {
  readonly code: string;
  readonly filename: string;
}

/** What the linter says about the file of each case, by its path. */
const found = new Map<string, string[]>();
let copy: string;
beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), 'identity-verify-arrows-'));
  await copyFile(join(WORKSPACE, '.oxlintrc.json'), join(copy, '.oxlintrc.json'));
  for (const [index, [file, imports]] of [...WRONG, ...RIGHT].entries()) {
    const path = fileOf(file, index);
    await mkdir(dirname(join(copy, path)), { recursive: true });
    await writeFile(join(copy, path), `import { probe } from '${imports}';\n\nexport const found = probe;\n`);
    found.set(path, []);
  }
  const { number_of_files, diagnostics } = await lint();
  expect(number_of_files).toBe(found.size);
  for (const { code, filename } of diagnostics) found.get(filename)?.push(code);
}, 120_000);
afterAll(() => rm(copy, { recursive: true, force: true }));

/** Lints all files. It exits with 1 when it finds something. */
async function lint(): Promise<{ readonly number_of_files: number; readonly diagnostics: readonly Diagnostic[] }> {
  const output = await new Promise<string>((resolve, reject) => {
    const args = [join(dirname(OXLINT), 'bin', 'oxlint'), '--format', 'json'];
    execFile(process.execPath, args, { cwd: copy }, (error, stdout) =>
      error && error.code !== 1 ? reject(error) : resolve(stdout),
    );
  });
  return JSON.parse(output) as Awaited<ReturnType<typeof lint>>;
}

const cases = (list: readonly (readonly [file: string, imports: string])[], from: number) =>
  list.map(([file, imports], index) => [file, imports, fileOf(file, from + index)] as const);

describe('the lint rule for the import arrows', () => {
  it.each(cases(WRONG, 0))('forbids %s to import %s', (_file, _imports, path) => {
    expect(found.get(path)).toEqual([expect.stringContaining('no-restricted-imports')]);
  });

  it.each(cases(RIGHT, WRONG.length))('allows %s to import %s', (_file, _imports, path) => {
    expect(found.get(path)).toEqual([]);
  });
});
