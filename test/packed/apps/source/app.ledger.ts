import type { SharedLedger } from '@identity-verify/nestjs';
import { RedisLedger } from '@identity-verify/redis';
import { SqliteLedger } from '@identity-verify/sqlite';

/** The ledger that the environment names; undefined for one in memory. */
export function openLedger(): SharedLedger | undefined {
  const { REDIS_URL: url, LEDGER_FILE: file } = process.env;
  if (url) return new RedisLedger({ url, timeoutMs: 2_000 });
  return file ? new SqliteLedger({ file }) : undefined;
}
