import { createRequire } from 'node:module';
import { pnpmCommand } from '../lib/packed/tarballs.mjs';

const { engines } = createRequire(import.meta.url)('../../packages/nestjs/package.json');

/** The lowest Node that the packages allow. */
const FLOOR = `${/\d+\.\d+/.exec(engines.node)[0]}.0`;

/** Each version of Node: the lowest that the packages allow, then the newest of each major version. */
export const NODES = [FLOOR, '20', '22', '24', '26'];

/**
 * Each version of Nest, with what is installed beside it. The first row of a major version has the lowest version of every peer
 * that goes with it. Not every version of Nest has a platform of the same number: then it is the nearest that installs.
 */
export const NESTS = {
  '11.0': {
    nest: '11.0.0',
    express: '11.0.0',
    fastify: '11.0.3', // the ones before ask for Nest 10
    with: {
      '@nestjs/axios': '4.0.0',
      axios: '1.21.1',
      'class-transformer': '0.5.1',
      'class-validator': '0.14.0',
      'reflect-metadata': '0.2.0',
      rxjs: '7.8.0',
    },
  },
  11.2: { nest: '11.2.10', express: '11.2.10', fastify: '11.2.8', with: newest('4', '0.14') },
  '12.0': {
    nest: '12.0.1', // 12.0.0 asks for packages of Nest 11 beside it
    express: '12.0.1',
    fastify: '12.0.1',
    with: {
      '@nestjs/axios': '12.0.0',
      axios: '1.21.1',
      'class-transformer': '0.5.1',
      'class-validator': '0.15.1',
      'reflect-metadata': '0.2.0',
      rxjs: '7.8.0',
    },
  },
  12.5: { nest: '12.5.1', express: '12.5.1', fastify: '12.5.0', with: newest('12', '0.15') },
};

/** The compiler by major version of Nest, as in its starter, so that the types are checked with both. */
export const TYPESCRIPT = { 11: '5', 12: '6' };

/** The platforms under Nest. */
export const PLATFORMS = ['express', 'fastify'];

/** The module systems of an application. */
export const MODULES = ['commonjs', 'esm'];

function newest(nestAxios, classValidator) {
  return {
    '@nestjs/axios': nestAxios,
    axios: '1',
    'class-transformer': '0.5',
    'class-validator': classValidator,
    'reflect-metadata': '0.2',
    rxjs: '7',
  };
}

/**
 * The package managers: how to run one, which lines of the documents are for it, how it runs the command of a package, what its
 * folder needs, and the refusal for which the documents have a remedy.
 */
export const MANAGERS = {
  npm: { command: () => ['npm'], lines: 'npm', exec: ['exec', '--'] },
  // The default linker is the strict one: a package sees what its manifest names.
  pnpm: {
    command: pnpmCommand,
    lines: 'pnpm',
    exec: ['exec'],
    files: { 'pnpm-workspace.yaml': 'strictPeerDependencies: true\n' },
  },
  'yarn-1': {
    command: () => npx('yarn@1'),
    lines: 'yarn',
    exec: ['run', '--silent'],
    // A package of Nest 12 asks for a newer Node than Nest does, and only Yarn 1 refuses it. The documents say what to do.
    refusal: {
      says: /^error (\S+: The engine "node" is incompatible.*)$/m,
      remedy: { '.yarnrc': 'ignore-engines true\n' },
    },
  },
  'yarn-4': { command: () => npx('@yarnpkg/cli-dist@4'), lines: 'yarn', exec: ['run'], linker: 'node-modules' },
  'yarn-4-pnp': { command: () => npx('@yarnpkg/cli-dist@4'), lines: 'yarn', exec: ['run'], linker: 'pnp' },
};

function npx(name) {
  return ['npx', '-y', '-p', name, 'yarn'];
}
