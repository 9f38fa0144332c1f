-- When its node last made a ban anew that goes on: a lift of before that does not mean it. Null: never.
ALTER TABLE bans ADD COLUMN renewed_at INTEGER;
