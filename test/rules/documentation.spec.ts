import * as contract from '@identity-verify/contract';
import * as nestjs from '@identity-verify/nestjs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { access, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';
import { codesPage } from '../../tools/lib/codes.page.mjs';
import { CODE_BLOCKS, DOCUMENTS, WORKSPACE, fileOf } from './documents.js';

const pages = DOCUMENTS.map(({ path }) => path);
const read = (page: string) => readFile(join(WORKSPACE, page), 'utf8');

describe('docs/codes.md', () => {
  it('equals the output of `pnpm codes`: run it after a change of the tables', async () => {
    expect(await read('docs/codes.md')).toBe(codesPage(contract, nestjs));
  });
});

describe('README.md', () => {
  it('has a line for every script', async () => {
    const { scripts } = JSON.parse(await read('package.json')) as { scripts: Record<string, string> };
    const readme = await read('README.md');
    for (const script of Object.keys(scripts)) expect(readme).toContain(`\`${script}\``);
  });
});

describe('links', () => {
  it.each(pages)('of %s resolve', async (page) => {
    const targets = [...(await read(page)).matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, target = '']) => target);
    for (const target of targets) {
      await expect(access(join(WORKSPACE, dirname(page), target))).resolves.toBeUndefined();
    }
  });
});

describe('code', () => {
  // Inside this folder, so that packages resolve as in any file of the workspace.
  let folder: string;
  beforeAll(async () => {
    await mkdir(join(import.meta.dirname, '..', '.build'), { recursive: true });
    folder = await mkdtemp(join(import.meta.dirname, '..', '.build', 'documentation-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('in every TypeScript block compiles', async () => {
    const files: string[] = [];
    for (const block of CODE_BLOCKS.filter(({ language }) => language === 'ts')) {
      const file = join(folder, fileOf(block));
      if (files.includes(file)) throw new Error(`${block.page} has two blocks that name ${block.file}`);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, block.code);
      files.push(file);
    }
    expect(files.length).toBeGreaterThan(5);
    // A user's test has the globals of a stock Jest.
    const globals = join(folder, 'globals.d.ts');
    const names = ['describe', 'it', 'test', 'expect', 'beforeAll', 'beforeEach', 'afterAll', 'afterEach'];
    const declarations = names.map((name) => `const ${name}: typeof jest.${name};`).join(' ');
    await writeFile(globals, `import type * as jest from '@jest/globals';\ndeclare global { ${declarations} }\n`);
    files.push(globals);
    const base = ts.readConfigFile(join(WORKSPACE, 'tsconfig.base.json'), (path) => ts.sys.readFile(path)).config as {
      compilerOptions: object;
    };
    const { options } = ts.convertCompilerOptionsFromJson(
      {
        ...base.compilerOptions,
        // As in a stock Nest application: imports of own files without an extension.
        module: 'Preserve',
        moduleResolution: 'Bundler',
        moduleDetection: 'force',
        noEmit: true,
        composite: false,
        declaration: false,
        declarationMap: false,
        isolatedModules: false,
      },
      folder,
    );
    const program = ts.createProgram(files, options);
    const problems = ts
      .getPreEmitDiagnostics(program)
      .map(
        ({ file, messageText }) =>
          `${relative(folder, file?.fileName ?? '')}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`,
      );
    expect(problems).toEqual([]);
  }, 60_000);
});
