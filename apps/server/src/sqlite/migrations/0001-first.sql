-- Every time is in milliseconds since 1970-01-01 UTC. Documents that travel (events, tickets, tuning) are kept as
-- the JSON text that crossed the edge; nothing is looked for inside of it.

CREATE TABLE nodes (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  cluster TEXT,
  enrolled_at INTEGER NOT NULL,
  last_seen_at INTEGER,
  address TEXT,
  removed_at INTEGER
);

-- A node is who has its key. A removed node's key stays, so that its agent can be told why it is refused.
CREATE TABLE node_keys (
  public_key TEXT PRIMARY KEY,
  node_id INTEGER NOT NULL REFERENCES nodes (id),
  added_at INTEGER NOT NULL,
  revoked_at INTEGER
);
CREATE INDEX node_keys_by_node ON node_keys (node_id);

-- How far each outbox of a node is in history. A new state file of an agent is a new outbox.
CREATE TABLE outboxes (
  id INTEGER PRIMARY KEY,
  node_id INTEGER NOT NULL REFERENCES nodes (id),
  outbox TEXT NOT NULL,
  acked INTEGER NOT NULL,
  UNIQUE (node_id, outbox)
);

CREATE TABLE join_codes (
  hash TEXT PRIMARY KEY,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at INTEGER,
  used_by TEXT
);

CREATE TABLE events (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  node_id INTEGER NOT NULL REFERENCES nodes (id),
  outbox_id INTEGER NOT NULL REFERENCES outboxes (id),
  outbox_seq INTEGER NOT NULL,
  at INTEGER NOT NULL,
  kind TEXT NOT NULL,
  jail TEXT,
  ip TEXT,
  body TEXT NOT NULL,
  UNIQUE (outbox_id, outbox_seq)
);
CREATE INDEX events_by_time ON events (at, seq);
CREATE INDEX events_by_kind ON events (kind, at, seq);
CREATE INDEX events_by_node ON events (node_id, at, seq);
CREATE INDEX events_by_jail ON events (jail, at, seq);
CREATE INDEX events_by_ip ON events (ip, at, seq);

-- first_address and last_address are 32 hexadecimal digits, so that "inside" and "around" are comparisons of text.
-- A ban without an end has an `until` beyond every clock, so that "active" is one comparison.
CREATE TABLE bans (
  id INTEGER PRIMARY KEY,
  node_id INTEGER NOT NULL REFERENCES nodes (id),
  jail TEXT NOT NULL,
  ip TEXT NOT NULL,
  first_address TEXT NOT NULL,
  last_address TEXT NOT NULL,
  at INTEGER NOT NULL,
  until INTEGER NOT NULL,
  origin TEXT NOT NULL,
  by_whom TEXT,
  reason TEXT,
  ticket TEXT,
  -- Lower case: address, jail and users, for a search by a part of them.
  words TEXT NOT NULL,
  ended_at INTEGER,
  ended TEXT,
  ended_by TEXT
);
CREATE INDEX bans_by_time ON bans (at, id);
CREATE INDEX bans_open ON bans (ended_at, at, id, until, ip);
CREATE INDEX bans_by_node ON bans (node_id, at, id);
CREATE INDEX bans_open_by_node ON bans (node_id, ended_at, at, id, until, jail);
CREATE INDEX bans_by_jail ON bans (jail, at, id);
CREATE INDEX bans_open_by_jail ON bans (jail, ended_at, at, id, until);
CREATE INDEX bans_by_ip ON bans (ip, node_id, jail, ended_at);
CREATE INDEX bans_by_range ON bans (first_address, last_address);
CREATE INDEX bans_open_by_range ON bans (ended_at, first_address, last_address);

-- Counts per span (a minute, an hour), so that a timeline needs no events. `at` is where the span begins.
CREATE TABLE counters (
  span INTEGER NOT NULL,
  node_id INTEGER NOT NULL REFERENCES nodes (id),
  at INTEGER NOT NULL,
  jail TEXT NOT NULL,
  failures INTEGER NOT NULL,
  bans INTEGER NOT NULL,
  PRIMARY KEY (span, node_id, at, jail)
);
CREATE INDEX counters_by_time ON counters (span, at, node_id);

CREATE TABLE last_matches (
  node_id INTEGER NOT NULL REFERENCES nodes (id),
  jail TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (node_id, jail)
);

-- The latest report of each node; only the newest counts.
CREATE TABLE node_statuses (
  node_id INTEGER PRIMARY KEY REFERENCES nodes (id),
  received_at INTEGER NOT NULL,
  body TEXT NOT NULL
);

-- What each node last answered to a revision of the tuning.
CREATE TABLE node_answers (
  node_id INTEGER PRIMARY KEY REFERENCES nodes (id),
  revision INTEGER NOT NULL,
  state TEXT NOT NULL,
  reason TEXT
);

CREATE TABLE revisions (
  revision INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  by_whom TEXT NOT NULL,
  reason TEXT,
  summary TEXT NOT NULL,
  document TEXT NOT NULL
);

CREATE TABLE orders (
  id TEXT PRIMARY KEY,
  node_id INTEGER NOT NULL REFERENCES nodes (id),
  kind TEXT NOT NULL,
  body TEXT NOT NULL,
  issued_at INTEGER NOT NULL,
  -- After this it is not worth sending any more.
  keep_until INTEGER NOT NULL,
  finished_at INTEGER,
  changed INTEGER
);
CREATE INDEX orders_unfinished ON orders (node_id, finished_at, keep_until);

CREATE TABLE operators (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  password TEXT NOT NULL,
  created_at INTEGER NOT NULL
);

CREATE TABLE sessions (
  hash TEXT PRIMARY KEY,
  operator_id INTEGER NOT NULL REFERENCES operators (id),
  address TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  used_at INTEGER NOT NULL
);

CREATE TABLE tokens (
  id TEXT PRIMARY KEY,
  hash TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  expires_at INTEGER,
  last_used_at INTEGER,
  revoked_at INTEGER
);

CREATE TABLE audit (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  address TEXT NOT NULL,
  action TEXT NOT NULL,
  target TEXT NOT NULL,
  before TEXT,
  after TEXT
);
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
CREATE TRIGGER audit_is_not_shortened BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
