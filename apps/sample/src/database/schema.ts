/** The tables of the sample. No column can store a name, an ID number or a mobile. */
export const SCHEMA: readonly string[] = [
  `CREATE TABLE IF NOT EXISTS enrolments (
    subject_id TEXT PRIMARY KEY,
    outcome TEXT NOT NULL,
    seq_no TEXT,
    verified_at TEXT NOT NULL
  ) STRICT`,
  `CREATE TABLE IF NOT EXISTS audit (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    instance TEXT NOT NULL,
    event TEXT NOT NULL,
    outcome TEXT,
    source TEXT,
    code TEXT,
    error_code TEXT,
    billed TEXT NOT NULL,
    fen INTEGER NOT NULL,
    seq_no TEXT,
    request_id TEXT,
    purpose TEXT,
    consent_ref TEXT
  ) STRICT`,
];
