import type { SampleConfig } from '../config/sample.config.js';

/** The store of the ledger: Redis, a file, or the memory of the process. */
export type LedgerKind = 'redis' | 'sqlite' | 'memory';

/** The file of the pepper if the ledger is on Redis and no pepper is set. Processes in one folder share it. */
export const PEPPER_FILE_WITH_REDIS = '.data/redis.pepper';

/** Returns the store that the settings select. Only `memory` does not survive a restart. */
export function ledgerKind(config: Pick<SampleConfig, 'get'>): LedgerKind {
  if (config.get('REDIS_URL') !== undefined) return 'redis';
  return config.get('IDENTITY_VERIFY_LEDGER') === ':memory:' ? 'memory' : 'sqlite';
}
