import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import ts from 'typescript';

const run = promisify(execFile);
const packages = join(import.meta.dirname, '..', '..', 'packages');
const NAMES = ['nestjs', 'redis', 'sqlite'];
// Inside the package, where its own name and its peers resolve as for a user.
const folderOf = (name: string) => join(packages, name, '.build', 'readme');

const readmes = await Promise.all(
  NAMES.map(async (name) => ({ name, readme: await readFile(join(packages, name, 'README.md'), 'utf8') })),
);
const blocks = readmes.flatMap(({ name, readme }) =>
  [...readme.matchAll(/\n## ([^\n]+)\n(?:(?!\n## ).)*?```ts\n(.*?)```/gs)].map(([, heading = '', code = '']) => ({
    name,
    heading,
    code,
  })),
);

/** Starts every module that a block exports, and calls every function without parameters. */
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
process.exit(); // a client of the application would keep the process alive
`;

beforeAll(async () => {
  for (const folder of NAMES.map(folderOf)) {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'run.mjs'), RUNNER);
  }
});
afterAll(async () => {
  for (const folder of NAMES.map(folderOf)) await rm(folder, { recursive: true, force: true });
});

describe('the TypeScript blocks of the package READMEs', () => {
  it.each(blocks)(
    'run: $name, $heading',
    async ({ name, heading, code }) => {
      // The module does not depend on the packages of ledgers, so what shows both runs where both resolve.
      const home = /@identity-verify\/(redis|sqlite)'/.exec(code)?.[1] ?? name;
      const folder = folderOf(home);
      const { outputText } = ts.transpileModule(code, {
        compilerOptions: {
          target: ts.ScriptTarget.ES2022,
          module: ts.ModuleKind.ESNext,
          experimentalDecorators: true,
          emitDecoratorMetadata: true,
          useDefineForClassFields: false,
        },
      });
      const file = join(folder, `${name}-${heading.replaceAll(/\W+/g, '-')}.mjs`);
      await writeFile(file, outputText);
      const { stdout } = await run(process.execPath, [join(folder, 'run.mjs'), file], {
        cwd: join(packages, home),
        env: {
          ...process.env,
          APP_CODE: 'a-code',
          IDENTITY_VERIFY_PEPPER: 'a pepper for the blocks of the READMEs',
          LEDGER_FILE: join(folder, 'ledger.db'),
          REDIS_URL: 'redis://127.0.0.1:1', // nobody is there, and the applications start all the same
          NODE_OPTIONS: '',
        },
      });
      const runnable = /export (?:class \w+Module|async function \w+\(\))/.test(code);
      expect(stdout).toMatch(runnable ? /ran \w+/ : /ran /);
    },
    30_000,
  );

  it('are all found', () => {
    const all = readmes.map(({ readme }) => readme).join('\n');
    expect(blocks).toHaveLength([...all.matchAll(/```ts\n/g)].length);
  });
});
