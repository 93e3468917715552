import { accessSync, chmodSync, closeSync, constants, existsSync, openSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { APPLICATION_ID, MIGRATIONS } from './schema.data.js';
import { SqlSession } from './sql.session.js';
import { SqliteLedgerError, sqliteLedgerError, type SqliteLedgerFault } from './sqlite-ledger.error.js';

/** What survives a loss of power: every write, or every write but the last ones. */
export type Durability = 'full' | 'normal';

/** Longest that the constructor waits for other processes that open the same file, in milliseconds. */
const OPENING_MS = 5_000;
const RETRY_MS = 10;

/**
 * Opens the file, or creates it, and brings its schema up to date.
 *
 * @param begin runs last, in a transaction
 * @throws {SqliteLedgerError} that names the file and says what to do
 */
export function openLedgerFile<T>(
  file: string,
  durability: Durability,
  begin: (session: SqlSession) => T,
): { readonly session: SqlSession; readonly result: T } {
  const path = resolve(file);
  createPrivately(path);
  const deadline = performance.now() + OPENING_MS;
  for (;;) {
    try {
      return openOnce(path, durability, begin);
    } catch (error) {
      const known = sqliteLedgerError(error);
      if (known.fault !== 'busy' || performance.now() > deadline) throw explained(known, path);
      // Another process switches the new file to WAL, or migrates it. Nothing else runs yet, so this may block.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MS);
    }
  }
}

function openOnce<T>(path: string, durability: Durability, begin: (session: SqlSession) => T) {
  const session = new SqlSession(path);
  try {
    // Before the first page is written: later, only VACUUM could turn it on.
    session.exec('PRAGMA auto_vacuum = INCREMENTAL');
    const version = checkedVersion(session, path);
    const [check] = session.all<{ quick_check: string }>('PRAGMA quick_check(1)');
    if (check?.quick_check !== 'ok') throw new SqliteLedgerError('damaged', '');
    session.exec('PRAGMA journal_mode = WAL');
    session.exec(`PRAGMA synchronous = ${durability === 'full' ? 'FULL' : 'NORMAL'}`);
    // On macOS, fsync alone leaves data in the cache of the drive.
    session.exec(`PRAGMA fullfsync = ${durability === 'full' ? 'ON' : 'OFF'}`);
    session.exec('PRAGMA secure_delete = FAST');
    // A busy file is tried again between turns of the event loop; SQLite would block the loop.
    session.exec('PRAGMA busy_timeout = 0');
    migrate(session, version, path);
    // WAL and its index take over the mode of the file when they are created; these may be older.
    for (const suffix of ['-wal', '-shm']) if (existsSync(path + suffix)) chmodSync(path + suffix, 0o600);
    return { session, result: inTransaction(session, () => begin(session)) };
  } catch (error) {
    session.close();
    throw error;
  }
}

/** Checks that the file is a ledger that this version can read. Writes nothing. */
function checkedVersion(session: SqlSession, path: string): number {
  const { application_id: id } = session.get<{ application_id: number }>('PRAGMA application_id') ?? {};
  const { user_version: version = 0 } = session.get<{ user_version: number }>('PRAGMA user_version') ?? {};
  const { tables = 0 } = session.get<{ tables: number }>('SELECT count(*) AS tables FROM sqlite_schema') ?? {};
  if (tables === 0) return 0;
  if (id !== APPLICATION_ID) {
    throw fault('foreign', 'belongs to another program: it has tables that are no ledger. Name another file', path);
  }
  if (version > MIGRATIONS.length) {
    throw fault(
      'newer_schema',
      `has schema version ${version}, and this version of @identity-verify/sqlite knows ${MIGRATIONS.length}. ` +
        'Install the version that wrote it, or a newer one',
      path,
    );
  }
  return version;
}

function migrate(session: SqlSession, version: number, path: string): void {
  if (version === MIGRATIONS.length) return;
  inTransaction(session, () => {
    // Again, under the lock: another process may have been first.
    const from = checkedVersion(session, path);
    for (const step of MIGRATIONS.slice(from)) session.exec(step);
    session.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
    session.exec(`PRAGMA user_version = ${MIGRATIONS.length}`);
  });
}

function inTransaction<T>(session: SqlSession, work: () => T): T {
  session.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    session.exec('COMMIT');
    return result;
  } catch (error) {
    if (session.inTransaction) session.exec('ROLLBACK');
    throw error;
  }
}

/** Creates the file with mode 0600, or sets the mode of the one that is there. */
function createPrivately(path: string): void {
  const folder = dirname(path);
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw fault('no_folder', 'cannot be created: its folder does not exist. Create the folder first', path);
  }
  try {
    // A file that is there is not opened here: closing it again would drop every lock of this process on it, also those
    // of another connection to it (https://www.sqlite.org/howtocorrupt.html#_posix_advisory_locks_canceled_by_a_separate_thread_doing_close_).
    if (!existsSync(path)) closeSync(openSync(path, 'a', 0o600));
    if (!statSync(path).isFile()) throw fault('not_writable', 'is not a file', path);
    accessSync(path, constants.R_OK | constants.W_OK);
    chmodSync(path, 0o600);
  } catch (error) {
    if (error instanceof SqliteLedgerError) throw error;
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    if (code === 'ENOSPC' || code === 'EDQUOT') throw fault('full', 'cannot be created: the disk is full', path);
    throw fault('not_writable', `cannot be opened for writing (${code})`, path);
  }
}

const EXPLANATIONS: Partial<Record<SqliteLedgerFault, string>> = {
  damaged: 'is damaged or is not a SQLite database. Move it away to start with an empty ledger, or restore a copy',
  not_writable: 'cannot be opened for writing',
  full: 'cannot be written: the disk is full',
  busy: `is locked by another process for longer than ${OPENING_MS} ms`,
  failed: 'cannot be used',
};

function explained(error: SqliteLedgerError, path: string): SqliteLedgerError {
  const said = EXPLANATIONS[error.fault];
  if (said === undefined || error.message.includes(path)) return error;
  return fault(error.fault, said, path, error.sqliteCode);
}

function fault(kind: SqliteLedgerFault, said: string, path: string, sqliteCode?: string): SqliteLedgerError {
  return new SqliteLedgerError(
    kind,
    `The ledger file ${path} ${said}${sqliteCode ? ` (${sqliteCode})` : ''}.`,
    sqliteCode,
  );
}
