-- Who works with the dashboard, and what they may do. Who was there before could do everything.
ALTER TABLE operators ADD COLUMN role TEXT NOT NULL DEFAULT 'admin';
-- Null: a password of this server's own (or none yet); `proxmox`: who Proxmox says that it is.
ALTER TABLE operators ADD COLUMN realm TEXT;
ALTER TABLE operators ADD COLUMN disabled_at INTEGER;
ALTER TABLE operators ADD COLUMN signed_in_at INTEGER;
-- The secret of the second factor, sealed; the one that is not confirmed yet; the last 30 seconds whose code was used.
ALTER TABLE operators ADD COLUMN totp TEXT;
ALTER TABLE operators ADD COLUMN totp_wanted TEXT;
ALTER TABLE operators ADD COLUMN totp_step INTEGER;

CREATE TABLE recovery_codes (
  operator_id INTEGER NOT NULL REFERENCES operators (id) ON DELETE CASCADE,
  hash TEXT NOT NULL,
  PRIMARY KEY (operator_id, hash)
) WITHOUT ROWID;

-- A link with which somebody chooses their password, once.
CREATE TABLE invitations (
  operator_id INTEGER PRIMARY KEY REFERENCES operators (id) ON DELETE CASCADE,
  hash TEXT NOT NULL UNIQUE,
  expires_at INTEGER NOT NULL
);

-- Browsers in which somebody has signed in: guesses of others do not keep them out.
CREATE TABLE devices (
  hash TEXT NOT NULL,
  operator_id INTEGER NOT NULL REFERENCES operators (id) ON DELETE CASCADE,
  used_at INTEGER NOT NULL,
  PRIMARY KEY (hash, operator_id)
) WITHOUT ROWID;
CREATE INDEX devices_by_operator ON devices (operator_id);

DROP TABLE sessions;
CREATE TABLE sessions (
  hash TEXT PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  operator_id INTEGER NOT NULL REFERENCES operators (id) ON DELETE CASCADE,
  address TEXT NOT NULL,
  agent TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  used_at INTEGER NOT NULL,
  ends_at INTEGER NOT NULL
);
CREATE INDEX sessions_by_operator ON sessions (operator_id);

-- A token belongs to somebody, and can never do more than they.
ALTER TABLE tokens ADD COLUMN operator_id INTEGER REFERENCES operators (id) ON DELETE SET NULL;
ALTER TABLE tokens ADD COLUMN scopes TEXT NOT NULL DEFAULT '["admin"]';
UPDATE tokens SET operator_id = (SELECT operators.id FROM operators WHERE operators.name = tokens.created_by);
CREATE INDEX tokens_by_operator ON tokens (operator_id);
