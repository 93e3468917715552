import { describe } from '@jest/globals';
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
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
  readonly url: string;
  /** Suspends the process, so that the server hangs. */
  freeze(): void;
  thaw(): void;
  close(): Promise<void>;
}

/** A port below 55,000, because a cluster node also listens on its port plus 10,000. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port < 55_000 ? port : freePort();
}

/** @param settings further arguments, such as `--maxmemory`, `10mb` */
export async function startRedis(...settings: string[]): Promise<RedisServer> {
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), 'identity-verify-redis-'));
  const options = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', ...settings];
  const child = spawn(BINARY, options, { stdio: ['ignore', 'pipe', 'ignore'] });
  await ready(child);
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    async close() {
      await ended(child);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function ready(child: ChildProcess): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${BINARY} has ended with ${code}`)));
    child.stdout?.on('data', (chunk: Buffer) => {
      if (chunk.includes('Ready to accept connections')) resolve();
    });
  });
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await exit;
}
