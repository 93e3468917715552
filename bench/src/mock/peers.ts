import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PATH, REPLY } from './reply.js';

/** The command that starts a peer on a port. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
}

/** A measured server. */
export interface Peer {
  readonly name: string;
  /** Its work per request, so that readers know what they compare. */
  readonly does: string;
  /** Whether the goals are for it. */
  readonly isOurs?: true;
  /** @returns the command, or the reason why the peer is unavailable */
  readonly prepare: (port: number) => Command | string;
}

const node = (...args: readonly string[]): Command => ({ file: process.execPath, args });
const require = createRequire(import.meta.url);

/** Looked up on the PATH; its peers are skipped without it. */
const JAVA = 'java';

/** The folder of packages that are too large for the workspace. */
const CACHE = join(tmpdir(), 'identity-verify-bench-peers');

/** Installs a package outside the workspace, once. @returns its folder, undefined when it is unavailable */
function install(name: string, specifier: string): string | undefined {
  const folder = join(CACHE, name);
  const installed = join(folder, 'node_modules', specifier.replace(/(.)@.*/, '$1'));
  if (!existsSync(join(installed, 'package.json'))) {
    mkdirSync(folder, { recursive: true });
    const npm = ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--prefix', folder, specifier];
    spawnSync('npm', npm, { stdio: 'ignore', timeout: 300_000, cwd: folder });
  }
  return existsSync(join(installed, 'package.json')) ? installed : undefined;
}

/** The command of the mock, resolved as by a package manager. */
function mockMain(): string {
  const manifest = require.resolve('@identity-verify/mock-server/package.json');
  const { bin } = require(manifest) as { bin: Record<string, string> };
  return join(dirname(manifest), bin['identity-verify-mock'] ?? '');
}

function mockoon(port: number): Command | string {
  const folder = install('mockoon', '@mockoon/cli@9');
  if (!folder) return 'the package @mockoon/cli could not be installed';
  const response = {
    uuid: 'r',
    body: REPLY,
    latency: 0,
    statusCode: 200,
    label: '',
    headers: [{ key: 'Content-Type', value: 'application/json;charset=UTF-8' }],
    bodyType: 'INLINE',
    filePath: '',
    databucketID: '',
    sendFileAsBody: false,
    rules: [],
    rulesOperator: 'OR',
    disableTemplating: true,
    fallbackTo404: false,
    default: true,
    crudKey: 'id',
    callbacks: [],
  };
  const route = {
    uuid: 'a',
    type: 'http',
    documentation: '',
    method: 'post',
    endpoint: PATH.slice(1),
    responses: [response],
    responseMode: null,
    streamingMode: null,
    streamingInterval: 0,
  };
  const environment = {
    uuid: 'e',
    lastMigration: 33,
    name: 'bench',
    endpointPrefix: '',
    latency: 0,
    port,
    hostname: '127.0.0.1',
    folders: [],
    routes: [route],
    rootChildren: [{ type: 'route', uuid: 'a' }],
    proxyMode: false,
    proxyHost: '',
    proxyRemovePrefix: false,
    tlsOptions: { enabled: false, type: 'CERT', pfxPath: '', certPath: '', keyPath: '', caPath: '', passphrase: '' },
    cors: false,
    headers: [],
    proxyReqHeaders: [],
    proxyResHeaders: [],
    data: [],
    callbacks: [],
  };
  const data = join(CACHE, `mockoon-${port}.json`);
  writeFileSync(data, JSON.stringify(environment));
  return node(
    join(folder, 'bin/run.js'),
    'start',
    '--data',
    data,
    '--port',
    String(port),
    '--disable-log-to-file',
    '--disable-admin-api',
  );
}

function wireMock(port: number): Command | string {
  if (spawnSync(JAVA, ['-version']).status !== 0) return 'there is no Java here';
  const folder = install('wiremock', 'wiremock@3');
  const build = folder === undefined ? undefined : join(folder, 'build');
  const jar =
    build !== undefined && existsSync(build) ? readdirSync(build).find((name) => name.endsWith('.jar')) : undefined;
  if (build === undefined || jar === undefined) return 'the package wiremock could not be installed';
  const root = join(CACHE, 'wiremock-root');
  mkdirSync(join(root, 'mappings'), { recursive: true });
  const headers = { 'Content-Type': 'application/json;charset=UTF-8' };
  const mapping = { request: { method: 'POST', url: PATH }, response: { status: 200, body: REPLY, headers } };
  writeFileSync(join(root, 'mappings/verify.json'), JSON.stringify(mapping));
  return {
    file: JAVA,
    args: [
      '-jar',
      join(build, jar),
      '--port',
      String(port),
      '--bind-address',
      '127.0.0.1',
      '--root-dir',
      root,
      '--disable-banner',
    ],
  };
}

/** All measured servers, the reference first. */
export const PEERS: readonly Peer[] = [
  {
    name: 'node:http',
    does: 'fixed reply',
    prepare: (port) => node(fileURLToPath(import.meta.resolve('./peer-node-http.js')), String(port)),
  },
  {
    name: 'identity-verify-mock',
    isOurs: true,
    does: 'authentication, population, masked journal, cost',
    prepare: (port) => node(mockMain(), '--port', String(port)),
  },
  {
    name: 'Express 5',
    does: 'form parser, fixed reply',
    prepare: (port) => node(fileURLToPath(import.meta.resolve('./peer-express.js')), String(port)),
  },
  { name: 'WireMock', does: 'one stub, its journal', prepare: wireMock },
  { name: 'Mockoon', does: 'one route, its log', prepare: mockoon },
];
