-- Within how many seconds a node must reach the server after it applied a revision; null: a revision that is not on trial.
ALTER TABLE revisions ADD COLUMN confirm_within INTEGER;

-- What each node last said to each revision; `node_answers` has only the newest one.
CREATE TABLE revision_answers (
  revision INTEGER NOT NULL,
  node_id INTEGER NOT NULL REFERENCES nodes (id),
  at INTEGER NOT NULL,
  state TEXT NOT NULL,
  reason TEXT,
  PRIMARY KEY (revision, node_id)
) WITHOUT ROWID;

-- Answers to calls that came with a key of their own, kept for a day: the same call again gets the same answer. The answer is
-- sealed, since some hold a secret; null: the call is still being worked on.
CREATE TABLE idempotency_keys (
  actor TEXT NOT NULL,
  key TEXT NOT NULL,
  at INTEGER NOT NULL,
  fingerprint TEXT NOT NULL,
  answer TEXT,
  PRIMARY KEY (actor, key)
) WITHOUT ROWID;
CREATE INDEX idempotency_keys_by_time ON idempotency_keys (at);
