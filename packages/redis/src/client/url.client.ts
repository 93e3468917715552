import { IoredisAdapter, type IoredisLike } from './ioredis.adapter.js';
import { NodeRedisAdapter } from './node-redis.adapter.js';
import type { ScriptRunner } from './script.runner.js';

/** A connection that the ledger opened itself, and so closes. */
export interface OpenedClient {
  readonly runner: ScriptRunner;
  close(): Promise<void>;
}

/**
 * Opens a client for a URL with the first of ioredis, iovalkey and node-redis that is installed. It queues nothing
 * while there is no connection, because a command that is sent minutes later answers nobody, and connects again by
 * itself. Resolves after the first attempt, whether or not it succeeded.
 *
 * @throws {Error} when none is installed
 */
export async function openUrl(url: string, timeoutMs: number): Promise<OpenedClient> {
  const ioredis = (await installed(() => import('ioredis'))) ?? (await installed(() => import('iovalkey')));
  if (ioredis) return openIoredis(ioredis.Redis, url, timeoutMs);
  const nodeRedis = await installed(() => import('redis'));
  if (nodeRedis) return openNodeRedis(nodeRedis, url);
  throw new Error('No client for Redis is installed: add ioredis, iovalkey or redis to the dependencies.');
}

/** A library that need not be there; anything but its absence is an error. */
async function installed<T>(load: () => Promise<T>): Promise<T | undefined> {
  try {
    return await load();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}

/** Back within a second of the server, and never given up. */
const reconnectAfterMs = (attempt: number) => Math.min(50 * (attempt + 1), 1_000);

type IoredisConstructor = new (
  url: string,
  options: object,
) => IoredisLike & {
  connect(): Promise<void>;
  disconnect(): void;
  on(event: 'error', listener: () => void): unknown;
};

async function openIoredis(Redis: IoredisConstructor, url: string, timeoutMs: number): Promise<OpenedClient> {
  const client = new Redis(url, {
    lazyConnect: true,
    enableOfflineQueue: false,
    commandTimeout: timeoutMs,
    maxRetriesPerRequest: 0,
    retryStrategy: reconnectAfterMs,
    disconnectTimeout: 100, // its timer keeps a process alive that has closed
  });
  client.on('error', () => undefined); // each command fails by itself; without a listener it would be printed
  await client.connect().catch(() => undefined);
  return {
    runner: new IoredisAdapter(client),
    close: async () => client.disconnect(),
  };
}

async function openNodeRedis({ createClient }: typeof import('redis'), url: string): Promise<OpenedClient> {
  const client = createClient({ url, disableOfflineQueue: true, socket: { reconnectStrategy: reconnectAfterMs } });
  const firstAttempt = new Promise<void>((resolve) => {
    client.once('ready', resolve);
    client.once('error', () => resolve());
  });
  client.on('error', () => undefined);
  client.connect().catch(() => undefined);
  await firstAttempt;
  return {
    runner: new NodeRedisAdapter(client),
    close: async () => client.destroy(),
  };
}
