import { writeFile } from 'node:fs/promises';
import { codesPage } from './lib/codes.page.mjs';
import { readCommandLine } from './lib/command-line.mjs';
import { build } from './lib/workspace.mjs';

readCommandLine(`
pnpm codes: builds, then writes the pages of docs that are generated from data (docs/codes.md).
`);

await build('packages/nestjs');
const [contract, nestjs] = await Promise.all([import('@identity-verify/contract'), import('@identity-verify/nestjs')]);
await writeFile(new URL('../docs/codes.md', import.meta.url), codesPage(contract, nestjs));
console.log('docs/codes.md is written.');
