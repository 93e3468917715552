import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCommandLine } from './lib/command-line.mjs';
import { packAll } from './lib/packed/tarballs.mjs';
import { withProgress } from './lib/progress.mjs';
import { printTable } from './lib/table.mjs';
import { build } from './lib/workspace.mjs';
import { MOCK, runApplication } from './matrix/cell.run.mjs';
import { selectCells, selectInstalls, verdictOf } from './matrix/cells.mjs';
import { checkCopies } from './matrix/copies.mjs';
import { installApplication, installNode } from './matrix/install.mjs';
import { cellTable, copyTable, versionTable, writePage } from './matrix/report.mjs';
import { MANAGERS, MODULES, NESTS, NODES, PLATFORMS } from './matrix/versions.data.mjs';

const { values } = readCommandLine(
  `
pnpm matrix [options]: builds and packs the packages, installs them into fresh applications outside this repository, and asks each
application everything that a guarded route can be asked, with each version of Node, of Nest, each platform and module system. Then
installs them with each package manager, by the lines of the documents, and looks for second copies. Downloads from the registry.
  --node 20,22            of ${NODES.join(', ')}; any other version too
  --nest 11.0,12          of ${Object.keys(NESTS).join(', ')}
  --platform express      of ${PLATFORMS.join(', ')}
  --module commonjs       of ${MODULES.join(', ')}
  --manager npm,yarn-1    of ${Object.keys(MANAGERS).join(', ')}
  --only cells|copies     one of the two parts
  --minutes 90            the time limit; reaching it is a failure
  --markdown              writes the tables into docs/proof/matrix.md; nothing but --only may be chosen
`,
  {
    node: { type: 'string' },
    nest: { type: 'string' },
    platform: { type: 'string' },
    module: { type: 'string' },
    manager: { type: 'string' },
    only: { type: 'string' },
    minutes: { type: 'string', default: '90' },
    markdown: { type: 'boolean', default: false },
  },
);

const { cells, installs } = selected();
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => stop.abort(new Error(`Stopped by ${signal}.`)));
const limit = new Error(`The time limit of ${values.minutes} minutes has passed.`);
setTimeout(() => stop.abort(limit), values.minutes * 60_000).unref();

const started = new Date();
const folder = await mkdtemp(join(tmpdir(), 'identity-verify-matrix-'));
const results = [];
const copies = [];
/** The failure that was printed last. */
let told = '';
try {
  await build();
  const options = { signal: stop.signal };
  const tarballs = Object.values(await withProgress('packing', () => packAll(join(folder, 'tarballs'), options)));
  await runCells(tarballs, options);
  for (const install of installs) copies.push(await runInstall(install, tarballs));
} catch (error) {
  console.error(stop.signal.aborted ? stop.signal.reason.message : error.stack);
  process.exitCode = 1;
} finally {
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
}

console.log('');
for (const { head, rows } of tables(results, copies)) {
  printTable(head, rows);
  console.log('');
}
for (const { nest, platform, module, node, status, reason } of results) {
  if (status === 'unsupported') console.log(`Node ${node}, Nest ${nest}, ${platform}, ${module}: ${reason}`);
}
for (const { manager, nest, note } of copies) {
  if (note) console.log(`${manager}, Nest ${nest}: ${note}`);
}
const failed = [...results.filter(({ status }) => status === 'fail'), ...copies.filter((each) => each.failures.length)];
const count = cells.length + installs.length;
console.log(`${results.length + copies.length} of ${count} run, ${failed.length} failed.`);
if (failed.length > 0) process.exitCode = 1;
if (values.markdown && results.length + copies.length === count) await writeMarkdown();
else if (values.markdown) console.log('The page was not written, because not everything ran.');

/** Reads the options; ends the program if one of them is not valid. */
function selected() {
  try {
    if (!/^[1-9]\d*$/.test(values.minutes)) throw new Error('--minutes is a whole number from 1');
    if (![undefined, 'cells', 'copies'].includes(values.only)) throw new Error('--only is cells or copies');
    const chosen = ['node', 'nest', 'platform', 'module', 'manager'].find((option) => values[option] !== undefined);
    if (values.markdown && chosen) throw new Error(`--markdown writes whole tables, and --${chosen} chooses a part`);
    return {
      cells: values.only === 'copies' ? [] : selectCells(values),
      installs: values.only === 'cells' ? [] : selectInstalls(values),
    };
  } catch (error) {
    console.error(`${error.message}.`);
    return process.exit(2);
  }
}

/** Runs every cell. What several cells need is installed once, when the first of them needs it. */
async function runCells(tarballs, options) {
  const once = new Map();
  const first = (key, what, work) => {
    if (!once.has(key)) once.set(key, withProgress(what, work));
    return once.get(key);
  };
  for (const { nest, platform, module, node: wanted } of cells) {
    const began = performance.now();
    const result = { nest: NESTS[nest].nest, platform, module, node: wanted, manifests: [], checks: 0 };
    let failures;
    let node;
    try {
      node = await first(wanted, `finding Node ${wanted}`, () => installNode(wanted, folder, options));
      const application = await first(`${nest} ${platform}`, `installing Nest ${result.nest}, ${platform}`, () =>
        installApplication({ nest, platform }, tarballs, folder, options),
      );
      const { home, manifests } = application;
      Object.assign(result, { node: node.version, manifests });
      const ran = await runApplication({
        home,
        mock: join(home, MOCK),
        script: join(home, module, 'dist', 'main.js'),
        node: node.path,
        signal: stop.signal,
      });
      ({ failures } = ran);
      result.checks = ran.checks;
    } catch (error) {
      stop.signal.throwIfAborted();
      failures = [error.message];
    }
    const { manifests } = result;
    Object.assign(
      result,
      verdictOf({ node: result.node, requiresModules: node?.requiresModules, manifests, failures }),
    );
    results.push(result);
    const name = `Node ${result.node}, Nest ${result.nest}, ${platform}, ${module}`;
    tell(name, result.status, result.checks, began, failures);
  }
}

async function runInstall(install, tarballs) {
  const began = performance.now();
  const name = `${install.manager}, Nest ${install.nest}`;
  console.log(`${name}: installing by the lines of the documents …`);
  const found = await checkCopies(install, tarballs, folder, stop.signal);
  tell(name, found.failures.length > 0 ? 'fail' : 'pass', found.checks, began, found.failures);
  return found;
}

/** Prints how a cell or an installation ended, and everything that is known about a failure. */
function tell(name, status, checks, began, failures) {
  const seconds = ((performance.now() - began) / 1_000).toFixed(1);
  console.log(`${name}: ${status}, ${checks} checks, ${seconds} s`);
  if (failures.length === 0) return;
  // An application that cannot be installed fails in the same way for every Node.
  const text = failures.join('\n').replace(/^/gm, '    ');
  console.log(text === told ? '    as above' : text);
  told = text;
}

function tables(ofCells, ofCopies) {
  return [
    ...(ofCells.length > 0 ? [cellTable(ofCells), versionTable(ofCells)] : []),
    ...(ofCopies.length > 0 ? [copyTable(ofCopies)] : []),
  ];
}

async function writeMarkdown() {
  const args = process.argv.slice(2).filter((arg, index) => !(index === 0 && arg === '--'));
  const command = ['npx -y pnpm@12 matrix --', ...args].join(' ');
  const minutes = (Date.now() - started.getTime()) / 60_000;
  const parts = {
    ...(results.length > 0 && { cells: { results, tables: tables(results, []) } }),
    ...(copies.length > 0 && { copies: { results: copies, tables: tables([], copies) } }),
  };
  await writePage(parts, { command, started, minutes });
}
