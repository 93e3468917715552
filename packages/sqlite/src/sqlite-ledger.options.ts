import { systemClock, type Clock } from '@identity-verify/nestjs';
import type { Durability } from './ledger.file.js';
import { SqliteLedgerError } from './sqlite-ledger.error.js';

export interface SqliteLedgerOptions {
  /** Path of the file. It is created with mode 0600; its folder must exist. SQLite keeps `-wal` and `-shm` beside it. */
  readonly file: string;
  /**
   * `full`: every claim and every settlement is on the disk before it is answered (one fsync each). `normal`: the system
   * writes when it likes. The end of the process loses nothing in either case; with `normal`, a loss of power may lose
   * the last claims, so that their questions can be paid for again. @default 'full'
   */
  readonly durability?: Durability;
  /**
   * Longest that a claim waits for other processes to finish writing, in milliseconds. No longer than `ledgerTimeoutMs`
   * of the module, which stops waiting then. @default 40
   */
  readonly busyTimeoutMs?: number;
  /** @default the machine's clock */
  readonly clock?: Pick<Clock, 'now' | 'monotonic'>;
}

const DEFAULT_BUSY_MS = 40;

/** @throws {SqliteLedgerError} that names the option and the rule */
export function checkedOptions(options: SqliteLedgerOptions): Required<SqliteLedgerOptions> {
  const { file, durability = 'full', busyTimeoutMs = DEFAULT_BUSY_MS, clock = systemClock } = options ?? {};
  if (typeof file !== 'string' || file.trim() === '' || file.includes('\0') || file.startsWith(':memory:')) {
    throw refuse('file must be the path of a file; for a ledger in memory, use MemoryLedger');
  }
  if (durability !== 'full' && durability !== 'normal') throw refuse("durability must be 'full' or 'normal'");
  if (!Number.isInteger(busyTimeoutMs) || busyTimeoutMs < 0 || busyTimeoutMs > 10_000) {
    throw refuse('busyTimeoutMs must be an integer from 0 to 10000');
  }
  return { file, durability, busyTimeoutMs, clock };
}

function refuse(rule: string): SqliteLedgerError {
  return new SqliteLedgerError('options', `SqliteLedger: ${rule}.`);
}
