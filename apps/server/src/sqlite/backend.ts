import Database from 'better-sqlite3'
import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { StorageError, type Backend, type StorageCode } from '../storage/storage.ts'
import { copyHistory, problemsOfHistory } from './copy.ts'
import { openFailures } from './failure-store.ts'
import { isLocked, lockFolder } from './lock.ts'
import { openSqlite } from './storage.ts'

/** The files of a data folder that are SQLite's. */
export const historyFile = (folder: string): string => join(folder, 'history.sqlite')
export const lockFile = (folder: string): string => join(folder, 'lock.sqlite')

/** Why SQLite cannot use a file, in the terms of the system. */
const CODES: Readonly<Record<string, StorageCode>> = {
  SQLITE_CANTOPEN: 'EACCES',
  SQLITE_READONLY: 'EACCES',
  SQLITE_FULL: 'ENOSPC',
  SQLITE_CORRUPT: 'EDAMAGED',
  SQLITE_NOTADB: 'EDAMAGED',
}

/** SQLite says more exactly what is wrong behind these: `SQLITE_CORRUPT_INDEX`. */
const codeOf = (code: string): StorageCode | null =>
  Object.entries(CODES).find(([begin]) => code.startsWith(begin))?.[1] ?? null

function told<T>(work: () => T): T {
  try {
    return work()
  } catch (err) {
    throw inTerms(err)
  }
}

const inTerms = (err: unknown): unknown =>
  err instanceof Database.SqliteError ? new StorageError(err.message, codeOf(err.code), err) : err

/** History in one SQLite file in the data folder. */
export const sqlite: Backend = {
  lock: (folder) => told(() => lockFolder(lockFile(folder))),
  isLocked: (folder) => told(() => isLocked(lockFile(folder))),
  exists: (folder) => existsSync(historyFile(folder)),
  open: (folder, options) => told(() => openSqlite(historyFile(folder), options)),
  openPast: (folder) => openFailures(historyFile(folder)),
  copy: (folder, to, done) =>
    copyHistory(historyFile(folder), historyFile(to), done).catch((err: unknown) => {
      throw inTerms(err)
    }),
  problems: (folder) => problemsOfHistory(historyFile(folder)),
  bytes: (folder) => statSync(historyFile(folder)).size,
  // With what SQLite puts beside it; not the lock, which holds nothing.
  isFile: (name) => /^history\.sqlite(-wal|-shm|-journal)?$/.test(name),
}
