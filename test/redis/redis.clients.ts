import type { IoredisLike, NodeRedisLike } from '@identity-verify/redis';
import { Redis } from 'ioredis';
import { Redis as Valkey } from 'iovalkey';
import { createClient } from 'redis';

/** A client as an application opens it, with its close function. */
export interface OpenClient {
  readonly client: IoredisLike | NodeRedisLike;
  close(): Promise<void>;
}

/** Every supported client library. */
export const CLIENTS: Readonly<Record<string, (url: string) => Promise<OpenClient>>> = {
  async ioredis(url) {
    const client = new Redis(url, { lazyConnect: true, enableOfflineQueue: false, maxRetriesPerRequest: 0 });
    client.on('error', () => undefined);
    await client.connect();
    return { client, close: async () => client.disconnect() };
  },
  async iovalkey(url) {
    const client = new Valkey(url, { lazyConnect: true, enableOfflineQueue: false, maxRetriesPerRequest: 0 });
    client.on('error', () => undefined);
    await client.connect();
    return { client, close: async () => client.disconnect() };
  },
  async 'node-redis'(url) {
    const client = createClient({ url, disableOfflineQueue: true });
    client.on('error', () => undefined);
    await client.connect();
    return { client: client as NodeRedisLike, close: async () => client.destroy() };
  },
};
