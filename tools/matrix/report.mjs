import { readFile, writeFile } from 'node:fs/promises';
import { arch, availableParallelism, cpus, platform } from 'node:os';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { ROOT } from '../lib/workspace.mjs';

const PAGE = join(ROOT, 'docs', 'proof', 'matrix.md');
const WORDS = { pass: 'pass', unsupported: 'not supported', fail: 'FAILS' };

/** What is installed beside Nest, and named in the table of versions. */
const BESIDE = [
  '@nestjs/platform-express',
  '@nestjs/platform-fastify',
  '@nestjs/axios',
  'axios',
  'rxjs',
  'reflect-metadata',
  'class-validator',
  'class-transformer',
];

const UNITS = { cells: 'cells', copies: 'installations' };

const unique = (values) => [...new Set(values)];
const applicationOf = ({ nest, platform, module }) => [nest, platform, module].join(' ');

/** A table of cells: one row for each application, one column for each version of Node. */
export function cellTable(results) {
  const nodes = unique(results.map(({ node }) => node));
  const rows = unique(results.map(applicationOf)).map((application) => {
    const cells = results.filter((result) => applicationOf(result) === application);
    const verdicts = nodes.map((node) => WORDS[cells.find((cell) => cell.node === node)?.status] ?? '');
    return [cells[0].nest, cells[0].platform, cells[0].module].concat(verdicts);
  });
  return { head: ['Nest', 'platform', 'modules', ...nodes.map((node) => `Node ${node}`)], rows };
}

/** A table of what was installed for each version of Nest, as it was found. */
export function versionTable(results) {
  const found = results.filter(({ manifests }) => manifests.length > 0);
  const rows = unique(found.map(({ nest }) => nest)).map((nest) => {
    const manifests = found.filter((result) => result.nest === nest).flatMap((result) => result.manifests);
    return [nest].concat(BESIDE.map((name) => manifests.find((manifest) => manifest.name === name)?.version ?? ''));
  });
  return { head: ['Nest', ...BESIDE], rows };
}

/** A table of installations by package managers. */
export function copyTable(results) {
  const rows = results.map(({ manager, version, nest, installed, note = '', failures }) => [
    `${manager.replace(/-\d/, '').replace('-pnp', " Plug'n'Play")} ${version}`,
    nest,
    failures.length === 0 ? `one of each of ${installed.size}` : WORDS.fail,
    failures.length === 0 ? 'yes' : '',
    note,
  ]);
  return { head: ['package manager', 'Nest', 'copies', 'starts and answers', 'with'], rows };
}

/**
 * Writes tables into the page of the matrix, each between its marks, with date, machine and command.
 *
 * @param {Record<string, {results: {checks: number}[], tables: {head: string[], rows: string[][]}[]}>} parts by mark
 * @param {{command: string, started: Date, minutes: number}} how
 */
export async function writePage(parts, { command, started, minutes }) {
  let page = await readFile(PAGE, 'utf8');
  const machine = `${platform()} ${arch()}, ${availableParallelism()} cores (${cpus()[0]?.model.trim() ?? 'unknown'})`;
  const run = `Run on ${started.toISOString().slice(0, 10)} with \`${command}\`, ${Math.ceil(minutes)} minutes on ${machine}.`;
  for (const [mark, { results, tables }] of Object.entries(parts)) {
    const between = new RegExp(`(<!-- matrix: ${mark} -->)[^]*?(<!-- end of ${mark} -->)`);
    if (!between.test(page)) throw new Error(`${PAGE} has no marks for ${mark}`);
    const checks = results.reduce((sum, result) => sum + result.checks, 0);
    const text = [`${run} ${results.length} ${UNITS[mark]}, ${checks} checks.`, ...tables.map(markdownOf)].join('\n\n');
    const reasons = unique(
      results.filter(({ reason }) => reason).map(({ node, reason }) => `- Node ${node}: ${reason}`),
    );
    page = page.replace(between, (_, begin, end) => `${begin}\n\n${[text, ...reasons].join('\n\n')}\n\n${end}`);
  }
  await writeFile(PAGE, await format(page, { ...(await resolveConfig(PAGE)), filepath: PAGE }));
}

function markdownOf({ head, rows }) {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
