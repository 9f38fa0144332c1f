-- Ways to reach somebody. `settings` may be shown, `secrets` are sealed with a key that lies beside the database.
CREATE TABLE channels (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  enabled INTEGER NOT NULL,
  settings TEXT NOT NULL,
  secret_names TEXT NOT NULL,
  secrets TEXT NOT NULL
);

-- Who is told what, and how often; whole documents.
CREATE TABLE notification_rules (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  document TEXT NOT NULL
);

-- What was collected for a channel by a rule and is told together when it is due.
CREATE TABLE notice_groups (
  rule_id INTEGER NOT NULL,
  channel_id INTEGER NOT NULL,
  family TEXT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (rule_id, channel_id, family)
);

-- Troubles that were noticed and are not over: their end is told too.
CREATE TABLE troubles (
  key TEXT PRIMARY KEY,
  at INTEGER NOT NULL
);

-- One notification on its way to one channel, and what became of it. Without a next try it is finished.
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
CREATE INDEX deliveries_due ON deliveries (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX deliveries_by_channel ON deliveries (channel_id, id);
CREATE INDEX deliveries_by_state ON deliveries (state, id);
