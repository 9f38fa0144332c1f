-- Somebody wants to hear nothing for a while: one row at most.
CREATE TABLE silences (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  document TEXT NOT NULL
);
