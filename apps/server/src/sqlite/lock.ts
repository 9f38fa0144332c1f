import Database from 'better-sqlite3'
import { closeSync, existsSync, openSync } from 'node:fs'

/**
 * Takes a data folder for this process, or answers null when another process has it. The lock is the kernel's
 * (SQLite's exclusive lock on a file of its own), so it is gone with the process, however that ends. Waits a
 * moment: who only looks whether it is taken has it for an instant.
 */
export function lockFolder(file: string, waitMs = 1_000): Disposable | null {
  closeSync(openSync(file, 'a', 0o600))
  const db = new Database(file, { timeout: waitMs })
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

/** Whether a process has the data folder at this moment. */
export function isLocked(file: string): boolean {
  if (!existsSync(file)) return false
  const lock = lockFolder(file, 0)
  lock?.[Symbol.dispose]()
  return lock === null
}
