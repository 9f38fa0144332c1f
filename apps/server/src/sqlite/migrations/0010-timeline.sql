-- Failures and bans of a node by five minutes, in the order in which a timeline of a day reads them: whatever the jails, and
-- however much history there is, it reads one row for each point of it.
CREATE TABLE node_counts (
  at INTEGER NOT NULL,
  node_id INTEGER NOT NULL REFERENCES nodes (id),
  failures INTEGER NOT NULL,
  bans INTEGER NOT NULL,
  PRIMARY KEY (at, node_id)
) WITHOUT ROWID;

-- What a timeline of a day shows of what was counted already. Nothing older is ever asked for by five minutes.
INSERT INTO node_counts (at, node_id, failures, bans)
  SELECT at - at % 300000, node_id, SUM(failures), SUM(bans) FROM counters
  WHERE span = 60000 AND at >= (SELECT MAX(at) FROM counters WHERE span = 60000) / 300000 * 300000 - 90000000
  GROUP BY 1, 2;
