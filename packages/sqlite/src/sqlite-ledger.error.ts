/** Why the file cannot be used. */
export type SqliteLedgerFault =
  /** An option is not as documented. */
  | 'options'
  /** The folder of the file does not exist. */
  | 'no_folder'
  /** The file or its folder cannot be opened for writing. */
  | 'not_writable'
  /** It is not a SQLite file, or it is damaged. */
  | 'damaged'
  /** It is a SQLite file of another program. */
  | 'foreign'
  /** A newer version of this package wrote it. */
  | 'newer_schema'
  /** The disk is full. */
  | 'full'
  /** Another process held the write lock for too long. */
  | 'busy'
  /** `close()` was called. */
  | 'closed'
  /** Anything else that SQLite reports. */
  | 'failed';

/**
 * The file of a ledger cannot be used. Thrown by the constructor with a message for the operator; while a question is
 * verified, the module raises `IDV_LEDGER_UNAVAILABLE` instead, and sends nothing.
 */
export class SqliteLedgerError extends Error {
  override readonly name = 'SqliteLedgerError';
  readonly fault: SqliteLedgerFault;
  /** The code of SQLite, such as `SQLITE_IOERR`. */
  readonly sqliteCode: string | undefined;

  constructor(fault: SqliteLedgerFault, message: string, sqliteCode?: string) {
    super(message);
    this.fault = fault;
    this.sqliteCode = sqliteCode;
  }
}

const FAULTS: readonly (readonly [code: RegExp, fault: SqliteLedgerFault, message: string])[] = [
  [/^SQLITE_(?:BUSY|LOCKED)/, 'busy', 'another process holds the write lock'],
  [/^SQLITE_FULL/, 'full', 'the disk is full'],
  [/^SQLITE_(?:READONLY|CANTOPEN|PERM|AUTH)/, 'not_writable', 'the file cannot be opened for writing'],
  [/^SQLITE_NOTADB/, 'damaged', 'the file is not a SQLite database'],
  [/^SQLITE_CORRUPT/, 'damaged', 'the file is damaged'],
];

/** The primary result codes of SQLite, for errors that carry the number alone. */
const CODES: Readonly<Record<number, string>> = {
  5: 'SQLITE_BUSY',
  6: 'SQLITE_LOCKED',
  8: 'SQLITE_READONLY',
  10: 'SQLITE_IOERR',
  11: 'SQLITE_CORRUPT',
  13: 'SQLITE_FULL',
  14: 'SQLITE_CANTOPEN',
  26: 'SQLITE_NOTADB',
};

/** Turns what SQLite throws into an error of ours. SQLite's own message is dropped: it may quote a row. */
export function sqliteLedgerError(error: unknown): SqliteLedgerError {
  if (error instanceof SqliteLedgerError) return error;
  const { code, rawCode } = error as { code?: unknown; rawCode?: unknown };
  const named = typeof code === 'string' && code !== '' ? code : undefined;
  const sqliteCode = (typeof rawCode === 'number' ? CODES[rawCode & 0xff] : undefined) ?? named;
  const found = FAULTS.find(([pattern]) => sqliteCode !== undefined && pattern.test(sqliteCode));
  const [, fault, message] = found ?? ['', 'failed' as const, 'the file cannot be used'];
  return new SqliteLedgerError(fault, `SqliteLedger: ${message}${sqliteCode ? ` (${sqliteCode})` : ''}.`, sqliteCode);
}
