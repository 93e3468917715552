import { readFile, writeFile } from 'node:fs/promises';
import { format, resolveConfig } from 'prettier';
import { codesPage } from './lib/codes.page.mjs';
import { readCommandLine } from './lib/command-line.mjs';
import { documentPaths, languageOf } from './lib/docs/pages.mjs';
import { documentTables, withTables } from './lib/docs/tables.mjs';
import { build } from './lib/workspace.mjs';

readCommandLine(`
pnpm codes: builds, then writes what is generated from data: docs/codes.md, and the marked tables of READMEs and pages.
`);

await build('packages/nestjs');
const [contract, nestjs] = await Promise.all([import('@identity-verify/contract'), import('@identity-verify/nestjs')]);
await writeFile(new URL('../docs/codes.md', import.meta.url), codesPage(contract, nestjs));
console.log('docs/codes.md is written.');

const tables = documentTables(nestjs);
for (const path of await documentPaths()) {
  const file = new URL(`../${path}`, import.meta.url);
  const page = await readFile(file, 'utf8');
  if (!page.includes('<!-- table: ')) continue;
  const config = await resolveConfig(file.pathname);
  const text = await format(withTables(page, languageOf(path), tables), { ...config, parser: 'markdown' });
  if (text === page) continue;
  await writeFile(file, text);
  console.log(`${path} is written.`);
}
