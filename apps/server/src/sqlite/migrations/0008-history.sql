-- Failures and bans of each address and of each country, by hour and day (UTC). country: '' where it is not known.
CREATE TABLE address_counts (
  span INTEGER NOT NULL,
  at INTEGER NOT NULL,
  ip TEXT NOT NULL,
  failures INTEGER NOT NULL,
  bans INTEGER NOT NULL,
  PRIMARY KEY (span, at, ip)
) WITHOUT ROWID;
CREATE INDEX address_counts_by_failures ON address_counts (span, at, failures);

CREATE TABLE country_counts (
  span INTEGER NOT NULL,
  at INTEGER NOT NULL,
  country TEXT NOT NULL,
  failures INTEGER NOT NULL,
  bans INTEGER NOT NULL,
  PRIMARY KEY (span, at, country)
) WITHOUT ROWID;

-- What was counted by the hour already is counted by the day too.
INSERT INTO counters (span, node_id, at, jail, failures, bans)
  SELECT 86400000, node_id, at - at % 86400000, jail, SUM(failures), SUM(bans)
  FROM counters WHERE span = 3600000 GROUP BY node_id, at - at % 86400000, jail;
INSERT INTO address_counts (span, at, ip, failures, bans)
  SELECT spans.span, events.at - events.at % spans.span, ip, SUM(kind = 'failure.found'), SUM(kind = 'ban.added')
  FROM events, (SELECT 3600000 AS span UNION ALL SELECT 86400000) AS spans
  WHERE kind IN ('failure.found', 'ban.added') AND ip IS NOT NULL GROUP BY 1, 2, 3;
INSERT INTO country_counts (span, at, country, failures, bans)
  SELECT span, at, '', SUM(failures), SUM(bans) FROM address_counts GROUP BY span, at;

-- The words of events, so that a line is found by what is in it. Only the index: the text is in events. Filled behind the
-- events, in the order of their numbers.
CREATE VIRTUAL TABLE event_words USING fts5 (
  words, content = '', contentless_delete = 1, tokenize = "unicode61 remove_diacritics 2 tokenchars '.:'"
);
CREATE TABLE event_words_state (id INTEGER PRIMARY KEY CHECK (id = 1), seq INTEGER NOT NULL);
INSERT INTO event_words_state (id, seq) VALUES (1, 0);
CREATE TRIGGER event_words_forget AFTER DELETE ON events BEGIN
  DELETE FROM event_words WHERE rowid = OLD.seq;
END;
