-- Named lists of who is never banned (allow) and who always is (deny). They are pushed to nodes whole, so there is one
-- number for all of them; the stamp is new with every change, also after a backup came back.
CREATE TABLE lists (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  name TEXT NOT NULL UNIQUE,
  note TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  changed_at INTEGER NOT NULL,
  changed_by TEXT NOT NULL,
  -- Where it is fetched from; null: it is kept by hand.
  url TEXT,
  hours INTEGER NOT NULL,
  tried_at INTEGER,
  fetched_at INTEGER,
  etag TEXT,
  trouble TEXT,
  bad INTEGER NOT NULL DEFAULT 0,
  misread TEXT NOT NULL DEFAULT '[]'
);

-- An entry without an end has an `until` beyond every clock, as bans do.
CREATE TABLE list_entries (
  list_id INTEGER NOT NULL REFERENCES lists (id) ON DELETE CASCADE,
  ip TEXT NOT NULL,
  first_address TEXT NOT NULL,
  last_address TEXT NOT NULL,
  note TEXT NOT NULL,
  until INTEGER NOT NULL,
  added_at INTEGER NOT NULL,
  added_by TEXT NOT NULL,
  -- Whether it came from the list's URL.
  fetched INTEGER NOT NULL,
  PRIMARY KEY (list_id, ip)
) WITHOUT ROWID;
CREATE INDEX list_entries_by_range ON list_entries (list_id, first_address, ip);
CREATE INDEX list_entries_by_end ON list_entries (until);

CREATE TABLE list_state (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  revision INTEGER NOT NULL,
  stamp TEXT NOT NULL
);
INSERT INTO list_state (id, revision, stamp) VALUES (1, 0, '');
