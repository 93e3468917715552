import type { Clock } from '@identity-verify/nestjs';
import { IoredisAdapter, type IoredisLike } from './client/ioredis.adapter.js';
import { NodeRedisAdapter, type NodeRedisLike } from './client/node-redis.adapter.js';
import type { ScriptRunner } from './client/script.runner.js';

interface CommonOptions {
  /** What every key begins with: printable ASCII without braces. @default 'idv:' */
  readonly prefix?: string;
  /**
   * Replicas that must have acknowledged a claim before anything is sent. Fewer within `replicaTimeoutMs`: the claim is
   * taken back and refused. @default 0: none, see "Failover" in the README
   */
  readonly minReplicas?: number;
  /** Longest wait for `minReplicas`, in milliseconds; keep it below `ledgerTimeoutMs`. @default 25 */
  readonly replicaTimeoutMs?: number;
  /** For tests only: takes the place of the server's time. @default the server's time */
  readonly clock?: Pick<Clock, 'now'>;
}

/** Options of a ledger on a client of the application, which stays the application's to close. */
export interface RedisLedgerClientOptions extends CommonOptions {
  /** A client of ioredis, iovalkey or node-redis: single, cluster or sentinel. It should not queue while offline. */
  readonly client: IoredisLike | NodeRedisLike;
}

/** Options of a ledger that opens its own connection, and closes it. */
export interface RedisLedgerUrlOptions extends CommonOptions {
  /** `redis://` or, with TLS, `rediss://`. Needs ioredis, iovalkey or redis to be installed. */
  readonly url: string;
  /** Longest that a command may take, in milliseconds. @default 50 */
  readonly timeoutMs?: number;
}

export type RedisLedgerOptions = RedisLedgerClientOptions | RedisLedgerUrlOptions;

const PREFIX = /^[\x21-\x7a|~]{0,64}$/;

/** @throws {TypeError} that names the option and the rule, and never the value */
export function checkOptions(options: RedisLedgerOptions): void {
  const { prefix = '', minReplicas = 0, replicaTimeoutMs = 1 } = options;
  if (typeof prefix !== 'string' || !PREFIX.test(prefix))
    throw new TypeError('prefix must be at most 64 printable ASCII characters without braces and white space');
  requireInteger('minReplicas', minReplicas, 0, 100);
  requireInteger('replicaTimeoutMs', replicaTimeoutMs, 1, 10_000);
  if ('url' in options) {
    if (typeof options.url !== 'string' || !/^rediss?:\/\//.test(options.url))
      throw new TypeError('url must begin with redis:// or rediss://');
    requireInteger('timeoutMs', options.timeoutMs ?? 1, 1, 10_000);
  }
}

/** @throws {TypeError} for what is no client of a library that is known */
export function runnerOf(client: unknown): ScriptRunner {
  if (typeof client === 'object' && client !== null) {
    if (IoredisAdapter.accepts(client)) return new IoredisAdapter(client);
    if (NodeRedisAdapter.accepts(client)) return new NodeRedisAdapter(client);
  }
  throw new TypeError('client must be a client of ioredis, iovalkey or redis (node-redis)');
}

function requireInteger(name: string, value: unknown, min: number, max: number): void {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max)
    throw new TypeError(`${name} must be a whole number from ${min} to ${max}`);
}
