import Database from 'better-sqlite3'
import { closeSync, openSync } from 'node:fs'

/**
 * Takes a data folder for this process, or answers null when another process has it. The lock is the kernel's
 * (SQLite's exclusive lock on a file of its own), so it is gone with the process, however that ends.
 */
export function lockFolder(file: string): Disposable | null {
  closeSync(openSync(file, 'a', 0o600))
  const db = new Database(file, { timeout: 0 })
  try {
    db.pragma('locking_mode = EXCLUSIVE')
    db.exec('BEGIN EXCLUSIVE')
  } catch (err) {
    db.close()
    if (err instanceof Database.SqliteError && err.code.startsWith('SQLITE_BUSY')) return null
    throw err
  }
  return { [Symbol.dispose]: () => db.close() }
}
