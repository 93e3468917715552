import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { transpile } from '../support/transpile.js';

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

/** The module does not depend on the packages of ledgers, so what shows both runs where both resolve. */
const homeOf = ({ name, code }: (typeof blocks)[number]) => /@identity-verify\/(redis|sqlite)'/.exec(code)?.[1] ?? name;
const fileOf = ({ name, heading }: (typeof blocks)[number]) => `${name}-${heading.replaceAll(/\W+/g, '-')}.mjs`;

/**
 * Starts every module that a block exports, and calls every function without parameters. All blocks of a package run in
 * one process, which loads Nest once. It prints a line for each block.
 */
const RUNNER = `
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { writeFileSync } from 'node:fs';
import { inspect } from 'node:util';
async function run(file) {
  const exported = await import(file);
  const ran = [];
  for (const [name, value] of Object.entries(exported)) {
    if (name.endsWith('Module')) {
      const app = await NestFactory.createApplicationContext(value, { logger: false, abortOnError: false });
      await app.close();
    } else if (typeof value === 'function' && value.length === 0 && !/^class /.test(String(value))) await value();
    else continue;
    ran.push(name);
  }
  return ran;
}
const results = {};
for (const file of process.argv.slice(3)) {
  results[file] = await run(file).then((ran) => ({ ran }), (error) => ({ error: inspect(error) }));
}
writeFileSync(process.argv[2], JSON.stringify(results));
process.exit(); // a client of an application would keep the process alive
`;

interface Result {
  readonly ran?: readonly string[];
  readonly error?: string;
}
const results = new Map<string, Result>();

beforeAll(async () => {
  await Promise.all(
    NAMES.map(async (home) => {
      const folder = folderOf(home);
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, 'run.mjs'), RUNNER);
      const files: string[] = [];
      for (const block of blocks.filter((each) => homeOf(each) === home)) {
        const outputText = transpile(block.code);
        const file = join(folder, fileOf(block));
        await writeFile(file, outputText);
        files.push(file);
      }
      const report = join(folder, 'results.json');
      await run(process.execPath, [join(folder, 'run.mjs'), report, ...files], {
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
      const told = JSON.parse(await readFile(report, 'utf8')) as Record<string, Result>;
      for (const [file, result] of Object.entries(told)) results.set(file, result);
    }),
  );
}, 180_000);
afterAll(async () => {
  for (const folder of NAMES.map(folderOf)) await rm(folder, { recursive: true, force: true });
});

describe('the TypeScript blocks of the package READMEs', () => {
  it.each(blocks)('run: $name, $heading', (block) => {
    const result = results.get(join(folderOf(homeOf(block)), fileOf(block)));
    expect(result).toEqual({ ran: expect.any(Array) });
    const runnable = /export (?:class \w+Module|async function \w+\(\))/.test(block.code);
    if (runnable) expect(result?.ran).not.toEqual([]);
  });

  it('are all found, each with a file of its own', () => {
    const all = readmes.map(({ readme }) => readme).join('\n');
    expect(blocks).toHaveLength([...all.matchAll(/```ts\n/g)].length);
    expect(new Set(blocks.map(fileOf)).size).toBe(blocks.length);
  });
});
