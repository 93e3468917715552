import type { Awaitable } from '@identity-verify/nestjs';
import type { SqlSession } from './sql.session.js';
import { SqliteLedgerError, sqliteLedgerError } from './sqlite-ledger.error.js';

/** Longest pause before a busy file is tried again, in milliseconds. Random, so that processes do not meet again. */
const LONGEST_PAUSE_MS = 8;

/**
 * Transactions of one connection, each `BEGIN IMMEDIATE`: one writer at a time among all processes.
 *
 * A free file answers at once, in this turn of the event loop. A busy one is tried again between turns, so that waiting
 * for another process does not block this one.
 */
export class WriteLock {
  readonly #session: SqlSession;
  #isClosed = false;

  constructor(session: SqlSession) {
    this.#session = session;
  }

  /** Runs `work` outside a transaction: for reads of one statement. */
  read<T>(work: () => T): T {
    this.#assertOpen();
    try {
      return work();
    } catch (error) {
      throw sqliteLedgerError(error);
    }
  }

  /** Like {@link read}; undefined when the file is busy, as while another process repairs its log after a crash. */
  tryRead<T>(work: () => T): T | undefined {
    try {
      return this.read(work);
    } catch (error) {
      if (error instanceof SqliteLedgerError && error.fault === 'busy') return undefined;
      throw error;
    }
  }

  /**
   * Runs `work` in a transaction. What it writes is on the disk when this returns, or resolves.
   *
   * @param waitMs longest that a busy file is tried again
   * @throws {SqliteLedgerError} and nothing is written
   */
  write<T>(work: () => T, waitMs: number): Awaitable<T> {
    try {
      return this.#attempt(work);
    } catch (error) {
      const known = sqliteLedgerError(error);
      if (known.fault !== 'busy' || waitMs <= 0) throw known;
      return this.#again(work, performance.now() + waitMs);
    }
  }

  close(): void {
    this.#isClosed = true;
  }

  async #again<T>(work: () => T, deadline: number): Promise<T> {
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, 1 + Math.random() * (LONGEST_PAUSE_MS - 1)));
      try {
        return this.#attempt(work);
      } catch (error) {
        const known = sqliteLedgerError(error);
        if (known.fault !== 'busy' || performance.now() >= deadline) throw known;
      }
    }
  }

  #attempt<T>(work: () => T): T {
    this.#assertOpen();
    const session = this.#session;
    if (session.inTransaction) session.run('ROLLBACK'); // a transaction whose end failed, as on a full disk
    session.run('BEGIN IMMEDIATE');
    try {
      const result = work();
      session.run('COMMIT');
      return result;
    } catch (error) {
      this.#rollBack();
      throw error;
    }
  }

  #rollBack(): void {
    try {
      if (this.#session.inTransaction) this.#session.run('ROLLBACK');
    } catch {
      // The next transaction tries again; what is thrown is why this one failed.
    }
  }

  #assertOpen(): void {
    if (this.#isClosed) throw new SqliteLedgerError('closed', 'SqliteLedger: the ledger is closed.');
  }
}
