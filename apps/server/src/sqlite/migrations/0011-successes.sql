-- Logins that went well, by the hour in which they were told, so that it is known of an address without a look through
-- events. address: 32 hexadecimal digits, as in bans.
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
