import Database from 'better-sqlite3'
import { chmodSync, closeSync, openSync } from 'node:fs'

/** The server's history: one SQLite file, one writer at a time. */
export type Db = Database.Database

/**
 * Opens the file, which only its owner may read, and makes commits durable: what was acknowledged to an agent
 * is forgotten there. Waits up to 5 s for another process that writes (`warder-server join-code`).
 */
export function openDb(file: string): Db {
  closeSync(openSync(file, 'a', 0o600))
  chmodSync(file, 0o600)
  const db = new Database(file, { timeout: 5_000 })
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = FULL')
  db.pragma('foreign_keys = ON')
  db.pragma('temp_store = MEMORY')
  db.pragma('cache_size = -32768')
  return db
}
