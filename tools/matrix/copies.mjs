import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../lib/packed/commands.mjs';
import { ROOT } from '../lib/workspace.mjs';
import { MOCK, runApplication } from './cell.run.mjs';
import { faultsOf, findCopies, installLines } from './copies.find.mjs';
import { writeApplication } from './install.mjs';
import { serveTarballs } from './registry.mjs';
import { MANAGERS, NESTS, TYPESCRIPT } from './versions.data.mjs';

/** The newest rows of Nest 11 and 12. */
const NEST_ROWS = { 11: '11.2', 12: '12.5' };

/** Two copies of one of these are two classes, two tokens or two registries where the other side expects one. */
const ONCE = [
  '@nestjs/axios',
  '@nestjs/common',
  '@nestjs/core',
  '@nestjs/platform-express',
  '@opentelemetry/api',
  'axios',
  'class-transformer',
  'class-validator',
  'ioredis',
  'reflect-metadata',
  'rxjs',
  '@identity-verify/contract',
  '@identity-verify/mock-server',
  '@identity-verify/nestjs',
  '@identity-verify/redis',
  '@identity-verify/sqlite',
];
const isWatched = (name) => ONCE.includes(name) || name.startsWith('@identity-verify/');

/** The lines of the READMEs of the ledgers, in the words of each package manager. */
const LEDGERS = '@identity-verify/sqlite @identity-verify/redis ioredis';

/**
 * Installs the packages into a fresh application by the lines of the documents, looks for second copies, compiles it, starts it, and
 * asks it everything.
 *
 * @param {{manager: string, nest: string}} install
 * @param {string[]} tarballs
 * @param {string} folder
 * @param {AbortSignal} signal
 * @returns {Promise<{manager: string, nest: string, installed: Map<string, string>, failures: string[]}>}
 */
export async function checkCopies({ manager, nest }, tarballs, folder, signal) {
  const { command, lines, exec, linker, files = {}, refusal } = MANAGERS[manager];
  const home = join(folder, `${manager}-nest-${nest}`);
  const registry = await serveTarballs(tarballs);
  const failures = [];
  const [program, ...first] = command();
  const call = (...args) => run(program, [...first, ...args], home, { signal, environment: ENVIRONMENT });
  try {
    await writeHome(home, nest, { ...files, ...(await settings(linker, registry.url)) });
    const page = await readFile(join(ROOT, 'docs', 'guide', 'quick-start.md'), 'utf8');
    const note = await installStarter(() => call('install'), home, refusal, page);
    const add = lines === 'npm' ? 'npm install' : `${lines} add`;
    for (const line of [...installLines(page, nest, lines), `${add} ${LEDGERS}`]) {
      const [named, ...words] = line.split(/\s+/);
      if (named !== lines) throw new Error(`The line is not one of ${lines}: ${line}`);
      await call(...words);
    }
    const copies = linker === 'pnp' ? await pnpCopies(call) : await findCopies(home, isWatched);
    failures.push(...faultsOf(copies, ONCE));
    const module = nest === '12' ? 'esm' : 'commonjs';
    await writeApplication(join(home, 'app'), module, 'express');
    await call(...exec, 'tsc', '-p', 'app');
    const environment = linker === 'pnp' ? { NODE_OPTIONS: pnpOptions(home) } : {};
    const mock = linker === 'pnp' ? await pnpMock(call) : join(home, MOCK);
    const script = join(home, 'app', 'dist', 'main.js');
    const ran = await runApplication({ home, mock, script, node: process.execPath, environment, signal });
    failures.push(...ran.failures);
    const installed = new Map([...copies].map(([name, [{ version }]]) => [name, version]));
    return { manager, nest, version: (await call('--version')).trim(), installed, checks: ran.checks, note, failures };
  } catch (error) {
    signal.throwIfAborted();
    return { manager, nest, version: '', installed: new Map(), checks: 0, failures: [...failures, error.message] };
  } finally {
    await registry.close();
  }
}

/**
 * Installs the application before anything of this project is in it.
 *
 * @returns what the package manager refused, if the remedy of the documents had to be taken
 */
async function installStarter(install, home, refusal, page) {
  try {
    await install();
    return undefined;
  } catch (error) {
    const refused = refusal?.says.exec(error.message)?.[1];
    if (!refused) throw error;
    const [[file, text]] = Object.entries(refusal.remedy);
    if (!page.includes(text.trim())) throw new Error(`The documents do not name the remedy: ${text}`, { cause: error });
    await writeFile(join(home, file), text);
    await install();
    return `\`${text.trim()}\` in \`${file}\`, because Yarn refuses Nest itself: ${refused}`;
  }
}

/** What npm and yarn do besides installing is switched off; install scripts are not needed. */
const ENVIRONMENT = {
  npm_config_audit: 'false',
  npm_config_fund: 'false',
  npm_config_update_notifier: 'false',
  YARN_ENABLE_TELEMETRY: '0',
};

/** An application as `nest new` makes it, and with the packages that a DTO needs. */
async function writeHome(home, nest, files) {
  const row = NESTS[NEST_ROWS[nest]];
  const manifest = {
    name: 'fresh-application',
    version: '0.0.1',
    private: true,
    license: 'UNLICENSED',
    dependencies: {
      '@nestjs/common': `^${row.nest}`,
      '@nestjs/core': `^${row.nest}`,
      '@nestjs/platform-express': `^${row.express}`,
      'class-transformer': `^${row.with['class-transformer']}`,
      'class-validator': `^${row.with['class-validator']}`,
      'reflect-metadata': '^0.2.2',
      rxjs: '^7.8.1',
    },
    devDependencies: { '@types/node': '^20.19.0', typescript: `^${TYPESCRIPT[nest]}` },
  };
  await mkdir(home, { recursive: true });
  await writeFile(join(home, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  for (const [file, text] of Object.entries(files)) await writeFile(join(home, file), text);
}

/** The files that say where packages are found: the scope of this project on loopback, the rest where npm finds it. */
async function settings(linker, scope) {
  const registry = (await run('npm', ['config', 'get', 'registry'], ROOT)).trim();
  const npmrc = `registry=${registry}\n@identity-verify:registry=${scope}/\n`;
  if (!linker) return { '.npmrc': npmrc };
  const yarnrc = [
    `nodeLinker: ${linker}`,
    `npmRegistryServer: '${registry.replace(/\/$/, '')}'`,
    `npmScopes: { identity-verify: { npmRegistryServer: '${scope}' } }`,
    "unsafeHttpWhitelist: ['127.0.0.1']",
    'enableScripts: false',
  ];
  // An empty lockfile makes the folder a project of its own.
  return { '.yarnrc.yml': `${yarnrc.join('\n')}\n`, 'yarn.lock': '' };
}

const pnpOptions = (home) =>
  `--require ${join(home, '.pnp.cjs')} --experimental-loader ${join(home, '.pnp.loader.mjs')}`;

/**
 * The copies with Plug'n'Play, which has no folders. A package with peers is loaded as one virtual package for each set of
 * them, and never as itself.
 */
async function pnpCopies(call) {
  const script = `console.log(JSON.stringify(require('pnpapi').getAllLocators()))`;
  const locators = JSON.parse((await call('node', '-e', script)).trim().split('\n').at(-1));
  const copies = new Map();
  for (const { name, reference } of locators) {
    const isTemplate = locators.some((other) => other.name === name && other.reference.endsWith(`#${reference}`));
    if (!isWatched(name) || isTemplate) continue;
    const version = /(?:^|#)npm:([^:]+)/.exec(reference)?.[1] ?? reference;
    copies.set(name, [...(copies.get(name) ?? []), { path: reference, version }]);
  }
  return copies;
}

async function pnpMock(call) {
  const script = `console.log(require.resolve('@identity-verify/mock-server/package.json'))`;
  const manifest = (await call('node', '-e', script)).trim().split('\n').at(-1);
  return join(manifest, '..', MOCK.slice(MOCK.indexOf('dist')));
}
