import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { ROOT } from './workspace.mjs';

/** A group of child processes. If one ends, all end. */
export class Services {
  #children = new Map();
  #stopping = false;

  /** Stops the group on a signal, or when a member exits. */
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
        if (ready) return process.stdout.write(`${name} | ${line}\n`);
        early.push(line);
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
