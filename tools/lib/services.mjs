import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { ROOT } from './workspace.mjs';

/** A group of child processes that live and die together. */
export class Services {
  #children = new Map();
  #stopping = false;

  /** Ends the group when the user says so, or when a member dies by itself. */
  constructor() {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => this.#onSignal());
    // npx and pnpm do not hand every signal on; when they are gone, nobody is left who could stop us.
    const parent = process.ppid;
    setInterval(() => process.ppid !== parent && !this.#stopping && this.stop(), 500).unref();
  }

  /**
   * Starts a member and waits for the line that says where it listens.
   *
   * @param {string} name for messages
   * @param {string[]} args of node
   * @param {Record<string, string>} environment beside ours
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
      // `close`, not `exit`: what it said last is read before it is reported.
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

  /** Asks every member to end, and ends with them. */
  stop(exitCode = 0) {
    this.#stopping = true;
    process.exitCode = exitCode;
    if (this.#children.size === 0) process.exit();
    for (const child of this.#children.values()) child.kill('SIGTERM');
  }

  #onSignal() {
    if (this.#stopping) {
      // Twice means now.
      for (const child of this.#children.values()) child.kill('SIGKILL');
      return;
    }
    process.stdout.write('\nstopping …\n');
    this.stop();
  }
}
