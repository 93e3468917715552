import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import ts from 'typescript';

const run = promisify(execFile);
const nestjs = join(import.meta.dirname, '..', '..', 'packages', 'nestjs');
// Inside the package, where its own name and its peers resolve as they do for a user.
const folder = join(nestjs, '.build', 'readme');

const readme = await readFile(join(nestjs, 'README.md'), 'utf8');
const blocks = [...readme.matchAll(/\n## ([^\n]+)\n(?:(?!\n## ).)*?```ts\n(.*?)```/gs)].map(
  ([, heading = '', code = '']) => ({ heading, code }),
);

/** Starts every module that a block exports, and calls every function that needs nothing. */
const RUNNER = `
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
const exported = await import(process.argv[2]);
const ran = [];
for (const [name, value] of Object.entries(exported)) {
  if (name.endsWith('Module')) {
    const app = await NestFactory.createApplicationContext(value, { logger: false, abortOnError: false });
    await app.close();
  } else if (typeof value === 'function' && value.length === 0 && !/^class /.test(String(value))) await value();
  else continue;
  ran.push(name);
}
console.log('ran ' + ran.join(', '));
`;

beforeAll(async () => {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'run.mjs'), RUNNER);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('what the README of the module shows', () => {
  it.each(blocks)(
    'runs: $heading',
    async ({ heading, code }) => {
      const { outputText } = ts.transpileModule(code, {
        compilerOptions: {
          target: ts.ScriptTarget.ES2022,
          module: ts.ModuleKind.ESNext,
          experimentalDecorators: true,
          emitDecoratorMetadata: true,
          useDefineForClassFields: false,
        },
      });
      const file = join(folder, `${heading.replaceAll(/\W+/g, '-')}.mjs`);
      await writeFile(file, outputText);
      const { stdout } = await run(process.execPath, [join(folder, 'run.mjs'), file], {
        cwd: nestjs,
        env: { ...process.env, APP_CODE: 'a-code', NODE_OPTIONS: '' },
      });
      const runnable = /export (?:class \w+Module|async function \w+\(\))/.test(code);
      expect(stdout).toMatch(runnable ? /ran \w+/ : /ran /);
    },
    30_000,
  );

  it('is all of it', () => {
    expect(blocks).toHaveLength([...readme.matchAll(/```ts\n/g)].length);
  });
});
