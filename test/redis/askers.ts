import type { Identity } from '@identity-verify/nestjs';
import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { AskerOrder, AskerReport, AskerSettings } from './asker.process.js';

/** The compiled program: a separate process has no Jest to compile it. */
const PROCESS = join(import.meta.dirname, '..', '.build', 'out', 'redis', 'asker.process.js');

/** A process that verifies identities. */
export class Asker {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  static async start(settings: AskerSettings): Promise<Asker> {
    // Without the flags of Jest.
    const child = fork(PROCESS, [JSON.stringify(settings)], {
      execArgv: [],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const asker = new Asker(child);
    await asker.#next();
    return asker;
  }

  static startAll(count: number, settings: AskerSettings): Promise<Asker[]> {
    return Promise.all(Array.from({ length: count }, () => Asker.start(settings)));
  }

  /** @param tries how often a question is asked at most while the ledger cannot be reached */
  ask(identities: readonly Identity[], concurrency: number, tries = 1): Promise<AskerReport> {
    const report = this.#next<AskerReport>();
    this.#child.send({ do: 'ask', identities, concurrency, tries } satisfies AskerOrder);
    return report;
  }

  /** Stops it as a deployment does: pending calls are settled. @returns its exit code */
  async stop(): Promise<number | null> {
    const exit = this.#exit();
    this.#child.send({ do: 'stop' } satisfies AskerOrder);
    return exit;
  }

  /** Kills it, as a crash does. */
  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exit = this.#exit();
    this.#child.kill('SIGKILL');
    await exit;
  }

  #exit(): Promise<number | null> {
    return new Promise((resolve) => this.#child.once('exit', resolve));
  }

  #next<T>(): Promise<T> {
    return new Promise((resolve, reject) => {
      const ended = (code: number | null) => reject(new Error(`the process has ended with ${code}`));
      this.#child.once('exit', ended);
      this.#child.once('message', (message) => {
        this.#child.off('exit', ended);
        resolve(message as T);
      });
    });
  }
}

/** Adds up the reports of several processes. */
export function sum(reports: readonly AskerReport[]): AskerReport {
  const total: Record<string, number> = {};
  for (const report of reports) for (const [end, n] of Object.entries(report)) total[end] = (total[end] ?? 0) + n;
  return total;
}
