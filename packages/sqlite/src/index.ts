/**
 * The ledger in one SQLite file.
 *
 * @module @identity-verify/sqlite
 */

export { SqliteLedger } from './sqlite.ledger.js';
export type { SqliteLedgerOptions } from './sqlite-ledger.options.js';
export { SqliteLedgerError, type SqliteLedgerFault } from './sqlite-ledger.error.js';
export type { Durability } from './ledger.file.js';
