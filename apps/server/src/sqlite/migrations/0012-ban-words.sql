-- The words of bans: address, jail, node, users, reason and the lines of the evidence. Only the index: the text is in bans.
CREATE VIRTUAL TABLE ban_words USING fts5 (
  words, content = '', contentless_delete = 1, tokenize = "unicode61 remove_diacritics 2 tokenchars '.:'"
);
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
CREATE TRIGGER ban_words_forget AFTER DELETE ON bans BEGIN
  DELETE FROM ban_words WHERE rowid = OLD.id;
END;
INSERT INTO ban_words (rowid, words)
  SELECT bans.id, bans.words || char(10) || nodes.name || char(10) || COALESCE(by_whom, '') || char(10)
    || COALESCE(reason, '') || char(10)
    || COALESCE((SELECT group_concat(substr(value, 1, 2000), char(10)) FROM json_each(ticket, '$.lines')), '')
  FROM bans JOIN nodes ON nodes.id = bans.node_id;
