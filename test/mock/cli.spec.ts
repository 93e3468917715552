import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { ask, exchange, rawQuestion } from './support.js';

// Long enough for a busy machine; a hang still fails.
jest.setTimeout(60_000);

/** The bundled command, as installed. */
const MAIN = join(import.meta.dirname, '../../packages/mock-server/dist/command/identity-verify-mock.cjs');

/** Not every machine has IPv6. */
const hasIpv6 = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === '::1'));
const EVERY_ADDRESS = ['0.0.0.0', ...(hasIpv6 ? ['::'] : [])];

/** The built package. */
const PACKAGE = join(import.meta.dirname, '../../packages/mock-server');

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0))
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
});

function start(args: readonly string[], environment: Record<string, string> = {}) {
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, out, err }));
  const url = async () => {
    while (!/listens on (\S+)/.test(out)) {
      await Promise.race([
        once(child.stdout, 'data'),
        ended.then(({ err: problem }) => Promise.reject(new Error(problem))),
      ]);
    }
    return /listens on (\S+)/.exec(out)?.[1] ?? '';
  };
  return { child, ended, url, output: () => out };
}

const run = (args: readonly string[], environment?: Record<string, string>) => start(args, environment).ended;

describe('identity-verify-mock', () => {
  it('prints its help and its version', async () => {
    const help = await run(['--help']);
    expect(help.code).toBe(0);
    for (const word of ['--port', '--strict-wire', 'IDV_MOCK_PORT', 'exec']) expect(help.out).toContain(word);
    expect(await run(['--version'])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) as unknown,
    });
  });

  it('prints its address, answers, and exits cleanly on SIGTERM', async () => {
    const mock = start(['--port', '0', '--log']);
    const url = await mock.url();
    expect((await ask({ url }, 'cli')).body.data?.state).toBe('1');
    mock.child.kill('SIGTERM');
    const { code, out, err } = await mock.ended;
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/[0-9a-f]{8} population state-1 200 billed=yes fen=42/);
    expect(out).not.toMatch(/APPCODE cli|16000020001 (?!http)/);
  });

  it.each([
    [['--success-header'], {}, 'OK'],
    [['--success-header=fine'], {}, 'fine'],
    [[], { IDV_MOCK_SUCCESS_HEADER: '1' }, 'OK'],
    [[], { IDV_MOCK_SUCCESS_HEADER: 'fine' }, 'fine'],
    [['--success-header'], { IDV_MOCK_SUCCESS_HEADER: 'fine' }, 'OK'],
    [[], { IDV_MOCK_SUCCESS_HEADER: 'false' }, null],
  ])('sends a header on successes: %j %j → %s', async (args, environment, header) => {
    const mock = start(['--port', '0', ...args], environment as Record<string, string>);
    const answer = await ask({ url: await mock.url() }, 'cli');
    expect([answer.body.data?.state, answer.gateway]).toEqual(['1', header]);
  });

  it('exits within its grace period on SIGTERM despite a hanging fault and a slow client', async () => {
    const mock = start(['--port', '0']);
    const port = Number(new URL(await mock.url()).port);
    const hung = exchange(port, rawQuestion('16000099004'));
    const dawdling = exchange(port, rawQuestion('16000020001').slice(0, -10));
    await ask({ url: await mock.url() }, 'other');
    mock.child.kill('SIGTERM');
    expect((await mock.ended).code).toBe(0);
    await Promise.all([hung, dawdling]);
  });

  it('reports a port that is in use', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as { port: number };
    const { code, err } = await run(['--port', String(port)]);
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining(`Port ${port} is taken`) as unknown });
    expect(err).not.toContain('    at ');
    taken.close();
  });

  it.each([
    [['--port', 'x'], {}, /--port must be a whole number/],
    [['--prot', '1'], {}, /Did you mean --port/],
    [[], { IDV_MOCK_PROT: '1' }, /Did you mean IDV_MOCK_PORT/],
    [['--port', '0'], { NODE_ENV: 'production' }, /NODE_ENV is production/],
    [['--port', '0', '--host', '0.0.0.0'], {}, /adminToken/],
    [['--port', '0', '--journal', 'raw'], {}, /allowRawJournal/],
    [['--port', '0', '--population', '/nowhere.csv'], {}, /cannot be read/],
    [['--port', '0', '--tls-cert', 'x.pem'], {}, /both --tls-cert and --tls-key/],
  ])('refuses %j %j', async (args, environment, message) => {
    const { code, err } = await run(args, environment);
    expect(code).toBe(1);
    expect(err).toMatch(message);
  });

  it('starts beside a Kubernetes Service of the same name, and reports the variables that it ignores', async () => {
    const mock = start(['--host', '0.0.0.0', '--port', '0', '--admin-token', 't'], {
      IDV_MOCK_SERVICE_HOST: '10.0.0.1',
      IDV_MOCK_PORT: 'tcp://10.0.0.1:8080',
    });
    expect(await mock.url()).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    mock.child.kill('SIGTERM');
    const { err } = await mock.ended;
    expect(err).toMatch(/^identity-verify-mock: ignored IDV_MOCK_SERVICE_HOST, IDV_MOCK_PORT: set by Kubernetes.*\n$/);
    expect(err).not.toContain('10.0.0.1');
  });

  it('prefers flags to the environment, and the environment to a file', async () => {
    const path = join(await mkdtemp(join(tmpdir(), 'mock-')), 'mock.json');
    await writeFile(path, JSON.stringify({ port: 0, defaultAnswer: 'match', strictWire: true, fenPerCall: 30 }));
    const mock = start(['--config', path, '--default', 'mismatch'], { IDV_MOCK_FEN_PER_CALL: '35' });
    const stranger = { name: '测试丁', idCard: '110101190001019991' };
    const answer = await ask({ url: await mock.url() }, 'x', stranger);
    expect([answer.body.data?.state, answer.decision]).toEqual(['2', null]);
    const metrics = await (await fetch(`${await mock.url()}/__admin/metrics`)).text();
    expect(metrics).toMatch(/cny_total\{namespace="\w+"\} 0.35/);
  });
});

describe('identity-verify-mock exec', () => {
  const SCRIPT = `
    const { IDENTITY_VERIFY_BASE_URL: url, IDENTITY_VERIFY_APP_CODE: code } = process.env;
    const body = new URLSearchParams({ name: '测试甲', idcard: '110101190001010014', mobile: '16000020001' });
    fetch(url + '/communication/personal/1979', { method: 'POST', headers: { Authorization: 'APPCODE ' + code }, body })
      .then((r) => r.json()).then((r) => { console.log(url.split(':')[0], r.data.state); process.exitCode = 7; });`;

  it.each([[[]], [['--tls']]])('runs a command against its own mock and passes on the exit code: %j', async (flags) => {
    const { code, out } = await run(['exec', ...flags, '--', process.execPath, '-e', SCRIPT]);
    expect({ code, out }).toEqual({ code: 7, out: `${flags.length ? 'https' : 'http'} 1\n` });
  });

  it('passes flags after the command to the command', async () => {
    const { out } = await run([
      'exec',
      '--',
      process.execPath,
      '-p',
      'process.argv.slice(1).join()',
      '--',
      '--port',
      '--help',
    ]);
    expect(out).toBe('--port,--help\n');
  });

  it('exits as a shell does for an unknown command or one killed by a signal', async () => {
    expect((await run(['exec', '--', 'no-such-command-here'])).code).toBe(127);
    expect((await run(['exec', '--', process.execPath, '-e', 'process.kill(process.pid, "SIGKILL")'])).code).toBe(137);
  });

  it('forwards SIGTERM and waits for the command', async () => {
    const script = `process.on('SIGTERM', () => process.exit(3)); console.log('ready'); setInterval(() => {}, 1000);`;
    const { child, ended } = start(['exec', '--', process.execPath, '-e', script]);
    await once(child.stdout, 'data');
    child.kill('SIGTERM');
    expect((await ended).code).toBe(3);
  });

  it.each(['SIGINT', 'SIGHUP', 'SIGQUIT'] as const)('forwards %s', async (signal) => {
    const script = `process.on('${signal}', () => process.exit(4)); console.log('ready'); setInterval(() => {}, 1000);`;
    const { child, ended } = start(['exec', '--', process.execPath, '-e', script]);
    await once(child.stdout, 'data');
    child.kill(signal);
    expect((await ended).code).toBe(4);
  });

  it.each(EVERY_ADDRESS)('passes on a callable address when it listens on %s', async (host) => {
    const script = `
      const { remoteNamespaceFromEnvironment } = require(${JSON.stringify(PACKAGE)});
      remoteNamespaceFromEnvironment().cost().then(({ calls }) => console.log(process.env.IDENTITY_VERIFY_BASE_URL, calls));`;
    const flags = ['--host', host, '--admin-token', 'a-token'];
    const { code, out, err } = await run(['exec', ...flags, '--', process.execPath, '-e', script]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(host === '::' ? /^http:\/\/\[::1\]:\d+ 0\n$/ : /^http:\/\/127\.0\.0\.1:\d+ 0\n$/);
  });
});

describe('a mock started by npx', () => {
  const NPX = { npm_lifecycle_event: 'npx', npm_lifecycle_script: "'identity-verify-mock'" };
  /** Starts the mock as a grandchild, and exits without a signal to it. */
  const LAUNCHER = `
    const { spawn } = require('node:child_process');
    const [shell, ...args] = process.argv.slice(1);
    if (shell === 'shell') spawn('sh', ['-c', '"$@"; exit $?', 'sh', process.execPath, ...args], { stdio: 'inherit' });
    else spawn(process.execPath, args, { stdio: 'inherit' });
    process.on('SIGTERM', () => process.exit(1));`;

  function launch(environment: Record<string, string>, shell: 'shell' | 'alone', args: readonly string[]) {
    const child = spawn(process.execPath, ['-e', LAUNCHER, shell, ...args], {
      env: { PATH: process.env['PATH'], ...environment },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    return child;
  }

  it.each([
    ['alone', 'SIGKILL'],
    ['alone', 'SIGTERM'],
    ['shell', 'SIGKILL'],
    ['shell', 'SIGTERM'],
  ] as const)('exits when npx exits: started %s, ended by %s', async (shell, signal) => {
    const launcher = launch(NPX, shell, [MAIN, '--port', '0']);
    await once(launcher.stdout, 'data');
    launcher.kill(signal);
    // The mock holds the other end of this pipe until it exits.
    await once(launcher.stdout, 'close');
  });

  it('stops its command, too', async () => {
    const script = `process.on('SIGTERM', () => process.exit(0)); console.log('ready'); setInterval(() => {}, 1000);`;
    const launcher = launch(NPX, 'alone', [MAIN, 'exec', '--', process.execPath, '-e', script]);
    await once(launcher.stdout, 'data');
    launcher.kill('SIGKILL');
    await once(launcher.stdout, 'close');
  });
});
