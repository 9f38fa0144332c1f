-- All that a preview asks of a failure is in the index of its jail, so that no row is looked up. In order of time: what
-- comes in goes to the end, and a preview reads its days alone, however long history is.
DROP INDEX events_by_jail;
CREATE INDEX events_by_jail ON events (jail, at, seq, kind, node_id, ip, json_extract(body, '$.failedAt'));
