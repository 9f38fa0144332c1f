/** Each step brings a state file from its index to the next version. Steps are added, never edited. */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

  -- AUTOINCREMENT: a number is never used twice, also when everything was acknowledged and forgotten.
  CREATE TABLE outbox (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    rank INTEGER NOT NULL,
    event TEXT NOT NULL
  ) STRICT;
  CREATE INDEX outbox_first_to_go ON outbox (seq) WHERE rank = 1;

  CREATE TABLE bans (
    jail TEXT NOT NULL,
    ip TEXT NOT NULL,
    ban TEXT NOT NULL,
    PRIMARY KEY (jail, ip)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE offences (
    jail TEXT NOT NULL,
    ip TEXT NOT NULL,
    bans INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    PRIMARY KEY (jail, ip)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX offences_by_age ON offences (last_at);

  CREATE TABLE failures (
    id INTEGER PRIMARY KEY,
    jail TEXT NOT NULL,
    ip TEXT NOT NULL,
    at INTEGER NOT NULL,
    user TEXT,
    line TEXT NOT NULL
  ) STRICT;
  CREATE INDEX failures_of ON failures (jail, ip);
  CREATE INDEX failures_by_age ON failures (jail, at);

  CREATE TABLE cursors (source TEXT PRIMARY KEY, cursor TEXT NOT NULL) STRICT, WITHOUT ROWID;

  -- Effects that the firewall has not agreed to yet, with the events that are true once it does.
  CREATE TABLE pending (id INTEGER PRIMARY KEY, effect TEXT NOT NULL) STRICT;

  CREATE TABLE orders (id TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE INDEX orders_by_age ON orders (at);
  `,
  `
  -- Shared bans that were dealt with, with their end; what becomes of them here later is the operator's.
  CREATE TABLE shares (id TEXT PRIMARY KEY, until INTEGER) STRICT, WITHOUT ROWID;
  `,
  `
  -- Texts of many bans or events together, squeezed. Who refers to one has an empty text of its own.
  CREATE TABLE packs (id INTEGER PRIMARY KEY, texts BLOB NOT NULL) STRICT;
  ALTER TABLE bans ADD COLUMN pack INTEGER;
  ALTER TABLE bans ADD COLUMN place INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE outbox ADD COLUMN pack INTEGER;
  ALTER TABLE outbox ADD COLUMN place INTEGER NOT NULL DEFAULT 0;
  `,
]
