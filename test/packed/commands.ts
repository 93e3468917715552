import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';

/** Runs a program until it exits. @returns its stdout @throws with its whole output */
export function run(command: string, args: readonly string[], cwd: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { cwd, env: cleanEnvironment(), maxBuffer: 64 * 1024 * 1024 };
    execFile(command, args, options, (error, stdout, stderr) => {
      if (error) reject(new Error(`${command} ${args.join(' ')} failed:\n${stdout}\n${stderr}`));
      else resolve(stdout);
    });
  });
}

/** A program that listens. */
export interface Listening {
  readonly url: string;
  /** Stops it and waits until it has exited. */
  stop(): Promise<void>;
}

/** Starts a Node program and waits for the line with its address. */
export function listen(
  script: string,
  args: readonly string[],
  cwd: string,
  environment: Record<string, string> = {},
): Promise<Listening> {
  const child = spawn(process.execPath, [script, ...args], {
    cwd,
    env: { ...cleanEnvironment(), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return new Promise((resolve, reject) => {
    const lines: string[] = [];
    const onLine = (line: string) => {
      lines.push(line);
      const url = /listens on (http\S+)/.exec(line)?.[1];
      if (url !== undefined) resolve({ url, stop: () => stop(child) });
    };
    for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', onLine);
    child.once('close', (code) => reject(new Error(`${script} ended with ${code}:\n${lines.join('\n')}`)));
  });
}

function stop(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}

/** The environment without the variables of pnpm and Jest, so that applications build as on a user's machine. */
function cleanEnvironment(): Record<string, string> {
  const entries = Object.entries(process.env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined &&
      !/^(?:npm_(?:config_user_agent|execpath|lifecycle.*|package.*)|NODE_OPTIONS|NODE_ENV|JEST_.*)$/i.test(entry[0]),
  );
  return Object.fromEntries(entries);
}
