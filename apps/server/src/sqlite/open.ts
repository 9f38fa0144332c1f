import Database from 'better-sqlite3'
import { chmodSync, closeSync, openSync, statSync } from 'node:fs'

/** The server's history: one SQLite file, one writer at a time. */
export type Db = Database.Database

/** A file up to this size is rewritten at once so that it can give room back later (bytes). */
const REWRITE_LIMIT_BYTES = 64 * 1_048_576
const INCREMENTAL = 2

/**
 * Opens the file, which only its owner may read, and makes commits durable: what was acknowledged to an agent
 * is forgotten there. Waits up to 5 s for another process that writes (`warder-server join-code`).
 */
export function openDb(file: string): Db {
  closeSync(openSync(file, 'a', 0o600))
  chmodSync(file, 0o600)
  const db = new Database(file, { timeout: 5_000 })
  giveRoomBack(db, file)
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = FULL')
  db.pragma('foreign_keys = ON')
  db.pragma('temp_store = MEMORY')
  db.pragma('cache_size = -65536')
  // A checkpoint copies pages while everybody waits: few of them at a time.
  db.pragma('wal_autocheckpoint = 2000')
  db.pragma('journal_size_limit = 67108864')
  return db
}

/** Free room goes back to the disk in steps. A new file is made so; a small old one is rewritten, a large one stays as it is. */
function giveRoomBack(db: Db, file: string): void {
  if (Number(db.pragma('auto_vacuum', { simple: true })) === INCREMENTAL) return
  db.pragma('auto_vacuum = INCREMENTAL')
  const { size } = statSync(file)
  if (size > 0 && size <= REWRITE_LIMIT_BYTES) db.exec('VACUUM')
}
