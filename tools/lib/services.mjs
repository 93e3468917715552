import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { ROOT } from './workspace.mjs';

/** A line of the log from `warn` on: of people's lines, and of JSON lines. */
const WARNING = /^\d\d:\d\d:\d\d (?:WARN|ERROR|FATAL)|^\{"level":[456]0/;

/** A group of child processes. If one ends, all end. */
export class Services {
  #children = new Map();
  #stopping = false;
  #held = [];

  /** Lines are held until {@link announce}. Stops the group on a signal, or when a member exits. */
  constructor() {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => this.#onSignal());
    // npx and pnpm do not forward every signal. Without a parent, nobody could stop this process.
    const parent = process.ppid;
    setInterval(() => process.ppid !== parent && !this.#stopping && this.stop(), 500).unref();
  }

  /**
   * Starts a process and waits for the line with its address.
   *
   * @param {string} name used in messages
   * @param {string[]} args arguments of node
   * @param {Record<string, string>} environment variables in addition to those of this process
   * @returns {Promise<string>} its address
   */
  start(name, args, environment = {}) {
    const child = spawn(process.execPath, args, {
      cwd: ROOT,
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#children.set(name, child);
    return new Promise((resolve, reject) => {
      let ready = false;
      const early = [];
      const onLine = (line) => {
        if (ready) return this.#print(`${name} | ${line}`);
        early.push(line);
        if (WARNING.test(line)) this.#print(`${name} | ${line}`);
        const address = /listens on (\S+)$/.exec(line)?.[1];
        if (address === undefined) return undefined;
        ready = true;
        return resolve(address);
      };
      for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', onLine);
      child.once('error', reject);
      // `close` instead of `exit`, so that all output is read before the error is reported.
      child.once('close', (code, signal) => {
        this.#children.delete(name);
        if (!ready) reject(new Error(`${name} did not start:\n${early.join('\n')}`));
        else if (!this.#stopping) {
          console.error(`${name} ended by itself (${signal ?? `exit code ${code}`}).`);
          this.stop(1);
        } else if (this.#children.size === 0) process.exit();
      });
    });
  }

  /**
   * Prints the banner, after the warnings so far, so that it is the last thing on the screen. The rest of what the
   * processes say at their start is not shown: it would push the banner out of sight.
   */
  announce(banner) {
    const warnings = this.#held.filter((line) => WARNING.test(line.slice(line.indexOf('| ') + 2)));
    this.#held = undefined;
    process.stdout.write([...warnings, banner, ''].join('\n'));
  }

  #print(line) {
    if (this.#held) this.#held.push(line);
    else process.stdout.write(`${line}\n`);
  }

  /** Sends SIGTERM to every process. This process exits after the last one. */
  stop(exitCode = 0) {
    this.#stopping = true;
    process.exitCode = exitCode;
    if (this.#children.size === 0) process.exit();
    for (const child of this.#children.values()) child.kill('SIGTERM');
  }

  #onSignal() {
    if (this.#stopping) {
      // A second signal kills them.
      for (const child of this.#children.values()) child.kill('SIGKILL');
      return;
    }
    process.stdout.write('\nstopping …\n');
    this.stop();
  }
}
