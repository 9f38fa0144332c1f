-- The sum of all migrations, written by src/sqlite/db.test.ts (vitest -u).

CREATE TABLE address_counts (
  span INTEGER NOT NULL,
  at INTEGER NOT NULL,
  ip TEXT NOT NULL,
  failures INTEGER NOT NULL,
  bans INTEGER NOT NULL,
  PRIMARY KEY (span, at, ip)
) WITHOUT ROWID;

CREATE INDEX address_counts_by_failures ON address_counts (span, at, failures);

CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;

CREATE TRIGGER audit_is_not_shortened BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;

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

CREATE VIRTUAL TABLE ban_words USING fts5 (
  words, content = '', contentless_delete = 1, tokenize = "unicode61 remove_diacritics 2 tokenchars '.:'"
);

CREATE TABLE 'ban_words_config'(k PRIMARY KEY, v) WITHOUT ROWID;

CREATE TABLE 'ban_words_data'(id INTEGER PRIMARY KEY, block BLOB);

CREATE TABLE 'ban_words_docsize'(id INTEGER PRIMARY KEY, sz BLOB, origin INTEGER);

CREATE TABLE 'ban_words_idx'(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID;

CREATE TRIGGER ban_words_forget AFTER DELETE ON bans BEGIN
  DELETE FROM ban_words WHERE rowid = OLD.id;
END;

CREATE TRIGGER ban_words_learn AFTER INSERT ON bans BEGIN
  INSERT INTO ban_words (rowid, words) VALUES (NEW.id, NEW.words || char(10)
    || COALESCE((SELECT name FROM nodes WHERE id = NEW.node_id), '') || char(10) || COALESCE(NEW.by_whom, '') || char(10)
    || COALESCE(NEW.reason, '') || char(10)
    || COALESCE((SELECT group_concat(substr(value, 1, 2000), char(10)) FROM json_each(NEW.ticket, '$.lines')), ''));
END;

CREATE TRIGGER ban_words_learn_anew AFTER UPDATE OF words, by_whom, reason, ticket ON bans BEGIN
  INSERT OR REPLACE INTO ban_words (rowid, words) VALUES (NEW.id, NEW.words || char(10)
    || COALESCE((SELECT name FROM nodes WHERE id = NEW.node_id), '') || char(10) || COALESCE(NEW.by_whom, '') || char(10)
    || COALESCE(NEW.reason, '') || char(10)
    || COALESCE((SELECT group_concat(substr(value, 1, 2000), char(10)) FROM json_each(NEW.ticket, '$.lines')), ''));
END;

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
, shared_from TEXT, renewed_at INTEGER);

CREATE INDEX bans_by_ip ON bans (ip, node_id, jail, ended_at);

CREATE INDEX bans_by_jail ON bans (jail, at, id);

CREATE INDEX bans_by_node ON bans (node_id, at, id);

CREATE INDEX bans_by_range ON bans (first_address, last_address);

CREATE INDEX bans_by_time ON bans (at, id);

CREATE INDEX bans_open ON bans (ended_at, at, id, until, ip);

CREATE INDEX bans_open_by_jail ON bans (jail, ended_at, at, id, until);

CREATE INDEX bans_open_by_node ON bans (node_id, ended_at, at, id, until, jail);

CREATE INDEX bans_open_by_range ON bans (ended_at, first_address, last_address);

CREATE TABLE bulk_orders (
  id TEXT PRIMARY KEY,
  at INTEGER NOT NULL,
  by_whom TEXT NOT NULL,
  kind TEXT NOT NULL,
  jail TEXT,
  reason TEXT,
  ips TEXT NOT NULL,
  total INTEGER NOT NULL,
  undo_of TEXT
);

CREATE INDEX bulk_orders_by_time ON bulk_orders (at, id);

CREATE TABLE channels (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  enabled INTEGER NOT NULL,
  settings TEXT NOT NULL,
  secret_names TEXT NOT NULL,
  secrets TEXT NOT NULL
);

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

CREATE TABLE country_counts (
  span INTEGER NOT NULL,
  at INTEGER NOT NULL,
  country TEXT NOT NULL,
  failures INTEGER NOT NULL,
  bans INTEGER NOT NULL,
  PRIMARY KEY (span, at, country)
) WITHOUT ROWID;

CREATE TABLE deliveries (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  channel_id INTEGER NOT NULL,
  channel TEXT NOT NULL,
  notification TEXT NOT NULL,
  state TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  problem TEXT,
  next_at INTEGER,
  finished_at INTEGER
);

CREATE INDEX deliveries_by_channel ON deliveries (channel_id, id);

CREATE INDEX deliveries_by_state ON deliveries (state, id);

CREATE INDEX deliveries_due ON deliveries (next_at) WHERE next_at IS NOT NULL;

CREATE TABLE devices (
  hash TEXT NOT NULL,
  operator_id INTEGER NOT NULL REFERENCES operators (id) ON DELETE CASCADE,
  used_at INTEGER NOT NULL,
  PRIMARY KEY (hash, operator_id)
) WITHOUT ROWID;

CREATE INDEX devices_by_operator ON devices (operator_id);

CREATE VIRTUAL TABLE event_words USING fts5 (
  words, content = '', contentless_delete = 1, tokenize = "unicode61 remove_diacritics 2 tokenchars '.:'"
);

CREATE TABLE 'event_words_config'(k PRIMARY KEY, v) WITHOUT ROWID;

CREATE TABLE 'event_words_data'(id INTEGER PRIMARY KEY, block BLOB);

CREATE TABLE 'event_words_docsize'(id INTEGER PRIMARY KEY, sz BLOB, origin INTEGER);

CREATE TABLE 'event_words_idx'(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID;

CREATE TABLE event_words_state (id INTEGER PRIMARY KEY CHECK (id = 1), seq INTEGER NOT NULL);

CREATE TRIGGER event_words_forget AFTER DELETE ON events BEGIN
  DELETE FROM event_words WHERE rowid = OLD.seq;
END;

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

CREATE INDEX events_by_ip ON events (ip, at, seq);

CREATE INDEX events_by_jail ON events (jail, at, seq, kind, node_id, ip, json_extract(body, '$.failedAt'));

CREATE INDEX events_by_kind ON events (kind, at, seq);

CREATE INDEX events_by_node ON events (node_id, at, seq);

CREATE INDEX events_by_time ON events (at, seq);

CREATE TABLE idempotency_keys (
  actor TEXT NOT NULL,
  key TEXT NOT NULL,
  at INTEGER NOT NULL,
  fingerprint TEXT NOT NULL,
  answer TEXT,
  PRIMARY KEY (actor, key)
) WITHOUT ROWID;

CREATE INDEX idempotency_keys_by_time ON idempotency_keys (at);

CREATE TABLE invitations (
  operator_id INTEGER PRIMARY KEY REFERENCES operators (id) ON DELETE CASCADE,
  hash TEXT NOT NULL UNIQUE,
  expires_at INTEGER NOT NULL
);

CREATE TABLE join_codes (
  hash TEXT PRIMARY KEY,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at INTEGER,
  used_by TEXT
);

CREATE TABLE last_matches (
  node_id INTEGER NOT NULL REFERENCES nodes (id),
  jail TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (node_id, jail)
);

CREATE TABLE lifts (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  ip TEXT NOT NULL,
  jail TEXT,
  issued_at INTEGER NOT NULL
);

CREATE INDEX lifts_by_time ON lifts (issued_at);

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

CREATE INDEX list_entries_by_end ON list_entries (until);

CREATE INDEX list_entries_by_range ON list_entries (list_id, first_address, ip);

CREATE TABLE list_state (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  revision INTEGER NOT NULL,
  stamp TEXT NOT NULL
);

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

CREATE TABLE migrations (number INTEGER PRIMARY KEY, name TEXT NOT NULL);

CREATE TABLE node_answers (
  node_id INTEGER PRIMARY KEY REFERENCES nodes (id),
  revision INTEGER NOT NULL,
  state TEXT NOT NULL,
  reason TEXT
);

CREATE TABLE node_counts (
  at INTEGER NOT NULL,
  node_id INTEGER NOT NULL REFERENCES nodes (id),
  failures INTEGER NOT NULL,
  bans INTEGER NOT NULL,
  PRIMARY KEY (at, node_id)
) WITHOUT ROWID;

CREATE TABLE node_keys (
  public_key TEXT PRIMARY KEY,
  node_id INTEGER NOT NULL REFERENCES nodes (id),
  added_at INTEGER NOT NULL,
  revoked_at INTEGER
);

CREATE INDEX node_keys_by_node ON node_keys (node_id);

CREATE TABLE node_statuses (
  node_id INTEGER PRIMARY KEY REFERENCES nodes (id),
  received_at INTEGER NOT NULL,
  body TEXT NOT NULL
);

CREATE TABLE nodes (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  cluster TEXT,
  enrolled_at INTEGER NOT NULL,
  last_seen_at INTEGER,
  address TEXT,
  removed_at INTEGER
);

CREATE TABLE notice_groups (
  rule_id INTEGER NOT NULL,
  channel_id INTEGER NOT NULL,
  family TEXT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (rule_id, channel_id, family)
);

CREATE TABLE notification_rules (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  document TEXT NOT NULL
);

CREATE TABLE operators (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  password TEXT NOT NULL,
  created_at INTEGER NOT NULL
, role TEXT NOT NULL DEFAULT 'admin', realm TEXT, disabled_at INTEGER, signed_in_at INTEGER, totp TEXT, totp_wanted TEXT, totp_step INTEGER);

CREATE TABLE order_refusals (
  order_id TEXT NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
  ip TEXT NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (order_id, ip)
) WITHOUT ROWID;

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
, bulk_id TEXT REFERENCES bulk_orders (id) ON DELETE SET NULL, done INTEGER NOT NULL DEFAULT 0, refused INTEGER NOT NULL DEFAULT 0);

CREATE INDEX orders_by_bulk ON orders (bulk_id);

CREATE INDEX orders_unfinished ON orders (node_id, finished_at, keep_until);

CREATE TABLE outboxes (
  id INTEGER PRIMARY KEY,
  node_id INTEGER NOT NULL REFERENCES nodes (id),
  outbox TEXT NOT NULL,
  acked INTEGER NOT NULL,
  UNIQUE (node_id, outbox)
);

CREATE TABLE recovery_codes (
  operator_id INTEGER NOT NULL REFERENCES operators (id) ON DELETE CASCADE,
  hash TEXT NOT NULL,
  PRIMARY KEY (operator_id, hash)
) WITHOUT ROWID;

CREATE TABLE revision_answers (
  revision INTEGER NOT NULL,
  node_id INTEGER NOT NULL REFERENCES nodes (id),
  at INTEGER NOT NULL,
  state TEXT NOT NULL,
  reason TEXT,
  PRIMARY KEY (revision, node_id)
) WITHOUT ROWID;

CREATE TABLE revisions (
  revision INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  by_whom TEXT NOT NULL,
  reason TEXT,
  summary TEXT NOT NULL,
  document TEXT NOT NULL
, confirm_within INTEGER);

CREATE TABLE sessions (
  hash TEXT PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  operator_id INTEGER NOT NULL REFERENCES operators (id) ON DELETE CASCADE,
  address TEXT NOT NULL,
  agent TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  used_at INTEGER NOT NULL,
  ends_at INTEGER NOT NULL
);

CREATE INDEX sessions_by_operator ON sessions (operator_id);

CREATE TABLE shares (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  cluster TEXT NOT NULL,
  jail TEXT NOT NULL,
  ip TEXT NOT NULL,
  at INTEGER NOT NULL,
  until INTEGER NOT NULL,
  -- Nodes, policy and evidence.
  body TEXT NOT NULL,
  UNIQUE (cluster, jail, ip)
);

CREATE INDEX shares_by_end ON shares (cluster, until);

CREATE TABLE silences (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  document TEXT NOT NULL
);

CREATE TABLE successes (
  address TEXT NOT NULL,
  at INTEGER NOT NULL,
  node_id INTEGER NOT NULL REFERENCES nodes (id),
  jail TEXT NOT NULL,
  -- Empty where nobody is named.
  user TEXT NOT NULL,
  count INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  PRIMARY KEY (address, at, node_id, jail, user)
) WITHOUT ROWID;

CREATE INDEX successes_by_time ON successes (at);

CREATE TABLE suspensions (
  node_id INTEGER PRIMARY KEY REFERENCES nodes (id),
  id TEXT NOT NULL,
  until INTEGER,
  by_whom TEXT NOT NULL,
  reason TEXT,
  at INTEGER NOT NULL
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
, operator_id INTEGER REFERENCES operators (id) ON DELETE SET NULL, scopes TEXT NOT NULL DEFAULT '["admin"]');

CREATE INDEX tokens_by_operator ON tokens (operator_id);

CREATE TABLE troubles (
  key TEXT PRIMARY KEY,
  at INTEGER NOT NULL
);
