import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** Flags of `npm install`: no install scripts, earlier downloads are used again, and only errors are printed. */
const NPM_FLAGS = ['--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];

/** Installs packages with npm: names with versions, or paths of tarballs. */
export function npmInstall(packages, folder, options) {
  return run('npm', ['install', ...NPM_FLAGS, ...packages], folder, options);
}

export function run(command, args, cwd, { environment = {}, signal } = {}) {
  return new Promise((resolve, reject) => {
    const child = start(command, args, { cwd, environment, signal, stdio: ['ignore', 'pipe', 'pipe'] });
    const text = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr']) child[name].setEncoding('utf8').on('data', (part) => (text[name] += part));
    const fail = (why) =>
      reject(new Error(`${command} ${args.join(' ')} ${why}:\n${text.stdout}\n${text.stderr}`.trimEnd()));
    child.once('error', (error) => fail(`did not start (${error.message})`));
    child.once('close', (code, by) => {
      if (code === 0) resolve(text.stdout);
      else fail(`ended with ${by ?? `exit code ${code}`}`);
    });
  });
}

export function listen(script, args, cwd, environment = {}, { node = process.execPath, signal } = {}) {
  const child = start(node, [script, ...args], { cwd, environment, signal, stdio: ['pipe', 'pipe', 'pipe'] });
  return new Promise((resolve, reject) => {
    const lines = [];
    const ended = new Promise((end) => child.once('close', (code, by) => end(by ?? code)));
    const stop = (by) => {
      if (child.exitCode === null && child.signalCode === null) child.kill(by);
      return ended;
    };
    const onLine = (line) => {
      lines.push(line);
      const url = /listens on (http\S+)/.exec(line)?.[1];
      if (url === undefined) return;
      resolve({
        url,
        lines,
        ended,
        stop: () => stop('SIGTERM'),
        kill: () => stop('SIGKILL'),
        endInput: () => child.stdin.end(),
      });
    };
    for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', onLine);
    child.stdin.on('error', () => undefined); // it may end before its input does
    child.once('error', reject);
    void ended.then((how) => reject(new Error(`${script} ended with ${how}:\n${lines.join('\n')}`)));
  });
}

/** Starts a program. With a signal it leads a group of its own, so that what it starts is stopped with it. */
function start(command, args, { cwd, environment, signal, stdio }) {
  signal?.throwIfAborted();
  const env = { ...cleanEnvironment(), ...environment };
  const isGroup = signal !== undefined && process.platform !== 'win32';
  const child = spawn(command, args, { cwd, env, stdio, detached: isGroup });
  const stop = () => {
    if (child.pid === undefined) return;
    try {
      if (isGroup) process.kill(-child.pid, 'SIGTERM');
      else child.kill();
    } catch {
      // It has ended already.
    }
  };
  signal?.addEventListener('abort', stop, { once: true });
  child.once('close', () => signal?.removeEventListener('abort', stop));
  return child;
}

/** The environment without the variables of pnpm and Jest, so that applications build as on a user's machine. */
function cleanEnvironment() {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) =>
        !/^(?:npm_(?:config_user_agent|execpath|lifecycle.*|package.*)|NODE_OPTIONS|NODE_ENV|JEST_.*)$/i.test(name),
    ),
  );
}
