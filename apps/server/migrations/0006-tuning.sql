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
