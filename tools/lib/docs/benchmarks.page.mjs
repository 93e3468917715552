import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { ROOT } from '../workspace.mjs';

const PAGE = join(ROOT, 'docs', 'proof', 'benchmarks.md');

/** Puts what a benchmark printed between its marks on the page of benchmarks. */
export async function writeTable(name, printed) {
  const [begin, end] = [`<!-- bench: ${name} -->`, `<!-- end of ${name} -->`];
  const page = await readFile(PAGE, 'utf8');
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${PAGE} has no place for ${name}: add ${begin} and ${end}.`);
  const text = `${page.slice(0, from)}${begin}\n\n${printed}\n\n${page.slice(to)}`;
  await writeFile(PAGE, await format(text, { ...(await resolveConfig(PAGE)), filepath: PAGE }));
}
