import { afterAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import prettier from 'prettier';
import ts from 'typescript';
import { transpile } from '../support/transpile.js';
import { CODE_BLOCKS, DOCUMENTS, fileOf, type CodeBlock } from './documents.js';

const run = promisify(execFile);
// Inside this package, where the packages of the workspace and their peers resolve.
const folder = join(import.meta.dirname, '..', '.build', 'code-blocks');
afterAll(() => rm(folder, { recursive: true, force: true }));

const where = ({ page, index, language }: CodeBlock) => `${page}, block ${index} (${language})`;

/** Parses a block, and throws when it is not well-formed. */
const PARSERS: Readonly<Record<string, (code: string) => unknown>> = {
  ts: () => undefined, // compiled in documentation.spec.ts
  js: (code) => {
    const { diagnostics = [] } = ts.transpileModule(code, { reportDiagnostics: true, fileName: 'block.js' });
    if (diagnostics[0]) throw new Error(ts.flattenDiagnosticMessageText(diagnostics[0].messageText, '\n'));
  },
  json: (code) => void JSON.parse(code),
  yaml: (code) => prettier.format(code, { parser: 'yaml' }),
  sh: parseShell,
  bash: parseShell,
  console: (code) => parseShell([...code.matchAll(/^\$ (.*)$/gm)].map(([, command]) => command).join('\n')),
  text: () => undefined,
};

async function parseShell(code: string): Promise<void> {
  await run('bash', ['-n', '-c', code]);
}

/** Starts every module that a block exports, and calls every function without parameters. */
const RUNNER = `
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
for (const file of process.argv.slice(2)) {
  const ran = [];
  for (const [name, value] of Object.entries(await import(file))) {
    if (name.endsWith('Module')) {
      const app = await NestFactory.createApplicationContext(value, { logger: false, abortOnError: false });
      await app.close();
    } else if (typeof value === 'function' && value.length === 0 && !/^class /.test(String(value))) await value();
    else continue;
    ran.push(name);
  }
  if (ran.length === 0) throw new Error(file + ' exports nothing that can be run');
  console.log('ran ' + ran.join(', '));
}
process.exit(); // a client of the application would keep the process alive
`;

// The code is the same in both languages, so one of them is run.
const english = CODE_BLOCKS.filter(({ page, info }) => page.startsWith('docs/en/') && info !== '');
const marked = (mark: string) => english.filter(({ info }) => info.split(' ').includes(mark));

describe('the blocks of code', () => {
  it('are all found', () => {
    const fences = DOCUMENTS.flatMap(({ text }) => text.match(/^\s*```\w/gm) ?? []);
    expect(CODE_BLOCKS).toHaveLength(fences.length);
  });

  it('are all in a language that is checked', () => {
    expect(CODE_BLOCKS.filter(({ language }) => PARSERS[language] === undefined).map(where)).toEqual([]);
  });

  it('have no mark that means nothing', () => {
    const known = /^(?:(?:run|test|\[[^\]]+\])\s*)*$/;
    expect(CODE_BLOCKS.filter(({ info }) => !known.test(info)).map(where)).toEqual([]);
  });

  it('name the version of @nestjs/axios wherever it is installed, because the newest one breaks Nest 11', () => {
    const installs = CODE_BLOCKS.filter(({ code }) =>
      /\b(?:npm install|pnpm add|yarn add)\b.*@nestjs\/axios/.test(code),
    );
    expect(installs.filter(({ code }) => /@nestjs\/axios(?!@\d)/.test(code)).map(where)).toEqual([]);
    expect(installs.length).toBeGreaterThan(7);
  });

  it('are well-formed', async () => {
    const faults: string[] = [];
    for (const block of CODE_BLOCKS) {
      try {
        await PARSERS[block.language]?.(block.code);
      } catch (error) {
        faults.push(`${where(block)}: ${String(error)}`);
      }
    }
    expect(faults).toEqual([]);
  });

  it('that are marked `run` run', async () => {
    const blocks = marked('run');
    const files: string[] = [];
    for (const block of blocks) {
      const file = join(folder, 'run', fileOf(block).replace(/\.ts$/, '.mjs'));
      const outputText = transpile(block.code);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, outputText);
      files.push(file);
    }
    const runner = join(folder, 'run', 'run.mjs');
    await mkdir(dirname(runner), { recursive: true });
    await writeFile(runner, RUNNER);
    const env = {
      ...process.env,
      APP_CODE: 'a-code',
      IDENTITY_VERIFY_APP_CODE: 'a-code',
      IDENTITY_VERIFY_PEPPER: 'a pepper for the blocks of the documents',
      LEDGER_FILE: join(folder, 'ledger.db'),
      REDIS_URL: 'redis://127.0.0.1:1', // nobody is there, and the applications start all the same
      NODE_OPTIONS: '',
    };
    const { stdout } = await run(process.execPath, [runner, ...files], { cwd: join(folder, 'run'), env });
    expect([...stdout.matchAll(/^ran /gm)]).toHaveLength(blocks.length);
  }, 60_000);
});

// Blocks of one page import each other, so all of a page are written before its tests are read.
for (const block of english.length > 0 ? CODE_BLOCKS.filter(({ language }) => language === 'ts') : []) {
  if (!block.page.startsWith('docs/en/')) continue;
  const file = join(folder, 'test', fileOf(block));
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, block.code);
}
for (const block of marked('test')) await import(join(folder, 'test', fileOf(block)));
