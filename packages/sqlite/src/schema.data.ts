/** Marks a file as a ledger of ours: `IDVL` in ASCII. */
export const APPLICATION_ID = 0x4944564c;

/**
 * Each step brings the schema from its index to the next version. Steps that were released never change.
 *
 * There is no column for a name, an ID number or a mobile: people are HMACs under the application's pepper. Times are
 * milliseconds of the ledger's own clock (see `ledger.clock.ts`); only `answered_at` and `wall_ms` are of the calendar.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE clock (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    ledger_ms INTEGER NOT NULL,
    wall_ms INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE answers (
    key TEXT PRIMARY KEY,
    outcome TEXT NOT NULL,
    code TEXT NOT NULL,
    billed TEXT NOT NULL,
    seq_no TEXT,
    request_id TEXT,
    answered_at INTEGER NOT NULL,
    kept_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX answers_expires_at ON answers (expires_at);

  CREATE TABLE intents (
    key TEXT PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('in_flight', 'in_doubt', 'blocked')),
    until INTEGER NOT NULL,
    owner TEXT,
    lease_until INTEGER,
    day INTEGER,
    month INTEGER,
    undo TEXT,
    forgotten INTEGER NOT NULL DEFAULT 0
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX intents_until ON intents (until);

  CREATE TABLE links (
    question TEXT NOT NULL,
    id_key TEXT NOT NULL,
    mobile_key TEXT NOT NULL,
    asked_at INTEGER,
    window_ms INTEGER NOT NULL,
    keep_until INTEGER NOT NULL,
    PRIMARY KEY (question, id_key)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX links_id_key ON links (id_key);
  CREATE INDEX links_mobile_key ON links (mobile_key);
  CREATE INDEX links_keep_until ON links (keep_until);

  CREATE TABLE spending (
    scope TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('day', 'month')),
    period INTEGER NOT NULL,
    calls INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    PRIMARY KEY (scope, kind, period)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE scopes (
    scope TEXT PRIMARY KEY,
    latch TEXT,
    latch_ms INTEGER,
    latch_until INTEGER,
    probe_owner TEXT,
    probe_until INTEGER
  ) STRICT, WITHOUT ROWID;
  `,
  // Answers without a seal would be refused for as long as they are kept.
  `
  DELETE FROM answers;
  ALTER TABLE answers ADD COLUMN seal TEXT;
  `,
];
