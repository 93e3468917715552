/**
 * The ledger that several machines share, on Redis or Valkey.
 *
 * @module @identity-verify/redis
 */

export { RedisLedger } from './redis.ledger.js';
export { RedisLedgerError } from './redis-ledger.error.js';
export type { RedisLedgerClientOptions, RedisLedgerOptions, RedisLedgerUrlOptions } from './redis.options.js';
export type { IoredisLike } from './client/ioredis.adapter.js';
export type { NodeRedisLike, ScriptArguments } from './client/node-redis.adapter.js';
