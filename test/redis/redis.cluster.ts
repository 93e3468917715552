import { Cluster } from 'ioredis';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { OpenClient } from './redis.clients.js';
import { startRedis, type RedisServer } from './redis.server.js';

const redisCli = promisify(execFile);

/** Three masters of the tests' own, without replicas. */
export interface RedisCluster {
  readonly masters: readonly RedisServer[];
  /** A client of ioredis. */
  openClient(): Promise<OpenClient>;
  close(): Promise<void>;
}

export async function startCluster(): Promise<RedisCluster> {
  const masters: RedisServer[] = [];
  for (let n = 0; n < 3; n++) masters.push(await startRedis('--cluster-enabled', 'yes'));
  const nodes = masters.map(({ port }) => `127.0.0.1:${port}`);
  await redisCli('redis-cli', ['--cluster', 'create', ...nodes, '--cluster-yes']);
  for (const { port } of masters) {
    const info = () => redisCli('redis-cli', ['-p', String(port), 'cluster', 'info']);
    while (!(await info()).stdout.includes('cluster_state:ok'));
  }
  return {
    masters,
    async openClient() {
      const client = new Cluster(masters.map(({ port }) => ({ host: '127.0.0.1', port })));
      client.on('error', () => undefined);
      return { client, close: async () => client.disconnect() };
    },
    async close() {
      await Promise.all(masters.map((master) => master.close()));
    },
  };
}
