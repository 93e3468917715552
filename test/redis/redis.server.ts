import { describe } from '@jest/globals';
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const BINARY = 'redis-server';

/** `describe`, skipped with a notice when `redis-server` is missing. In CI, a missing server is a failure. */
export const describeRedis: typeof describe.skip = (() => {
  try {
    execFileSync(BINARY, ['--version'], { stdio: 'ignore' });
    return describe;
  } catch {
    if (process.env['CI']) return describe; // the server does not start, and the tests fail
    process.stderr.write('SKIPPED: the tests of the ledger on Redis need the command redis-server.\n');
    return describe.skip;
  }
})();

/** A Redis server for tests, without persistence, on a free port. */
export interface RedisServer {
  readonly port: number;
  /** Where it saves its data. */
  readonly folder: string;
  readonly url: string;
  /** Suspends the process, so that the server hangs. */
  freeze(): void;
  thaw(): void;
  /** Ends the process as a crash does. What it had saved stays. */
  kill(): Promise<void>;
  /** Starts it again on the same port and folder, after a {@link kill}. @param settings further arguments */
  restart(...settings: string[]): Promise<void>;
  close(): Promise<void>;
}

/**
 * Ports that the kernel gives to nobody by itself, neither to a server nor to an outgoing connection: those begin at 32,768.
 * So a port stays free from here to the start of its server, and while a server is down. A cluster node also listens on its
 * port plus 10,000. Each worker of Jest has ports of its own, and begins at another one than a run beside it.
 */
const FIRST_PORT = 10_100;
const PORTS_OF_A_WORKER = 1_000;
const WORKERS = 9;
const firstOfWorker = FIRST_PORT + ((Number(process.env['JEST_WORKER_ID'] ?? 1) - 1) % WORKERS) * PORTS_OF_A_WORKER;
let given = process.ppid * 97 + process.pid * 31;

const isFree = (port: number) =>
  new Promise<boolean>((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });

async function freePort(): Promise<number> {
  for (let tried = 0; tried < PORTS_OF_A_WORKER; tried++) {
    const port = firstOfWorker + (given++ % PORTS_OF_A_WORKER);
    if ((await isFree(port)) && (await isFree(port + 10_000))) return port;
  }
  throw new Error('no port is free');
}

/** @param settings further arguments, such as `--maxmemory`, `10mb` */
export async function startRedis(...settings: string[]): Promise<RedisServer> {
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), 'identity-verify-redis-'));
  const options = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', ...settings];
  let child = await launched(options);
  return {
    port,
    folder,
    url: `redis://127.0.0.1:${port}`,
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    kill: () => ended(child),
    async restart(...more) {
      await ended(child);
      child = await launched([...options, ...more]);
    },
    async close() {
      await ended(child);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A process that watches masters and promotes a replica when one dies. */
export interface SentinelServer {
  readonly port: number;
  close(): Promise<void>;
}

/** @param masters port of each master, by the name that clients ask for */
export async function startSentinel(
  masters: Readonly<Record<string, number>>,
  quorum: number,
): Promise<SentinelServer> {
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), 'identity-verify-sentinel-'));
  const file = join(folder, 'sentinel.conf');
  const watched = Object.entries(masters).flatMap(([name, master]) => [
    `sentinel monitor ${name} 127.0.0.1 ${master} ${quorum}`,
    `sentinel down-after-milliseconds ${name} 500`,
    `sentinel failover-timeout ${name} 2000`,
  ]);
  await writeFile(file, [`port ${port}`, 'bind 127.0.0.1', `dir ${folder}`, ...watched, ''].join('\n'));
  const child = await launched([file, '--sentinel'], 'Sentinel ID');
  return {
    port,
    async close() {
      await ended(child);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function launched(options: readonly string[], sign?: string): Promise<ChildProcess> {
  const child = spawn(BINARY, options, { stdio: ['ignore', 'pipe', 'ignore'] });
  await ready(child, sign);
  return child;
}

async function ready(child: ChildProcess, sign = 'Ready to accept connections'): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${BINARY} has ended with ${code}`)));
    child.stdout?.on('data', (chunk: Buffer) => {
      if (chunk.includes(sign)) resolve();
    });
  });
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await exit;
}
