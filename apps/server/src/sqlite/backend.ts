import Database from 'better-sqlite3'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { StorageError, type Backend } from '../storage/storage.ts'
import { openFailures } from './failure-store.ts'
import { isLocked, lockFolder } from './lock.ts'
import { openSqlite } from './storage.ts'

/** The files of a data folder that are SQLite's. */
export const historyFile = (folder: string): string => join(folder, 'history.sqlite')
export const lockFile = (folder: string): string => join(folder, 'lock.sqlite')

/** Why SQLite cannot use a file, in the terms of the system. */
const CODES: Readonly<Record<string, 'EACCES' | 'ENOSPC'>> = {
  SQLITE_CANTOPEN: 'EACCES',
  SQLITE_READONLY: 'EACCES',
  SQLITE_FULL: 'ENOSPC',
}

function told<T>(work: () => T): T {
  try {
    return work()
  } catch (err) {
    if (!(err instanceof Database.SqliteError)) throw err
    throw new StorageError(err.message, CODES[err.code] ?? null, err)
  }
}

/** History in one SQLite file in the data folder. */
export const sqlite: Backend = {
  lock: (folder) => told(() => lockFolder(lockFile(folder))),
  isLocked: (folder) => told(() => isLocked(lockFile(folder))),
  exists: (folder) => existsSync(historyFile(folder)),
  open: (folder, options) => told(() => openSqlite(historyFile(folder), options)),
  openPast: (folder) => openFailures(historyFile(folder)),
}
