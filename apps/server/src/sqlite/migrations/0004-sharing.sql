-- Where a ban comes from that its node did not decide on itself.
ALTER TABLE bans ADD COLUMN shared_from TEXT;

-- Bans that every node of a cluster is to enforce, at most one for each jail and target. Nodes without a cluster form one
-- together, whose name is empty. A number is never used twice, so that a later one was decided later.
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

-- Lifts that meant every node: a ban that was made before, and is heard of later, is not shared.
CREATE TABLE lifts (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  ip TEXT NOT NULL,
  jail TEXT,
  issued_at INTEGER NOT NULL
);
CREATE INDEX lifts_by_time ON lifts (issued_at);

-- What is wanted of a node's enforcing, until it is over; a null end: that it goes on.
CREATE TABLE suspensions (
  node_id INTEGER PRIMARY KEY REFERENCES nodes (id),
  id TEXT NOT NULL,
  until INTEGER,
  by_whom TEXT NOT NULL,
  reason TEXT,
  at INTEGER NOT NULL
);
