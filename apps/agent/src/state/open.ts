import { closeSync, mkdirSync, openSync, renameSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { MIGRATIONS } from './migrations.ts'

export type Db = Database.Database

/** An opened state file; `aside` names where a broken one was put. */
export interface Opened {
  readonly db: Db
  readonly aside: string | null
}

/**
 * Opens the state file, made with mode 0600 where it is missing and brought to the newest version. A file that is
 * broken is put aside and a new one made: protection goes on, what was known of the past is lost.
 * @throws when the folder cannot be written, or the file is of a later release
 */
export function openDb(path: string, nowMs: number): Opened {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  try {
    return { db: tryOpen(path), aside: null }
  } catch (err) {
    if (!isBroken(err))
      throw new Error(`${path}: ${err instanceof Error ? err.message : String(err)}`, { cause: err })
    const aside = `${path}.broken-${nowMs}`
    renameSync(path, aside)
    for (const part of ['-wal', '-shm']) renameIfThere(path + part, aside + part)
    return { db: tryOpen(path), aside }
  }
}

const isBroken = (err: unknown): boolean =>
  err instanceof Database.SqliteError &&
  ['SQLITE_CORRUPT', 'SQLITE_NOTADB'].some((code) => err.code.startsWith(code))

/** Whether a failure is the disk's and not ours. */
export const isOfTheWorld = (err: unknown): err is Error =>
  err instanceof Database.SqliteError && /^SQLITE_(FULL|BUSY|IOERR|CANTOPEN|READONLY)/.test(err.code)

function tryOpen(path: string): Db {
  // The mode is set before there is anything to read; SQLite gives its own files beside it the same one.
  closeSync(openSync(path, 'a', 0o600))
  const db = new Database(path, { timeout: 200 })
  try {
    db.pragma('journal_mode = WAL')
    // FULL, not NORMAL: an event is on disk before it is on the link. After a power cut a number that the server
    // has seen must not be given to another event. One sync per batch is cheap, since quiet lines write nothing.
    db.pragma('synchronous = FULL')
    db.pragma('cache_size = -1024')
    db.pragma('journal_size_limit = 4194304')
    db.pragma('temp_store = MEMORY')
    migrate(db)
    return db
  } catch (err) {
    db.close()
    throw err
  }
}

function migrate(db: Db): void {
  const version = Number(db.pragma('user_version', { simple: true }))
  if (version > MIGRATIONS.length) throw new Error('the state file was made by a later release of warder')
  for (const [step, sql] of MIGRATIONS.entries()) {
    if (step < version) continue
    db.transaction(() => {
      db.exec(sql)
      db.pragma(`user_version = ${step + 1}`)
    })()
  }
}

function renameIfThere(from: string, to: string): void {
  try {
    renameSync(from, to)
  } catch (err) {
    if (!(err instanceof Error && 'code' in err && err.code === 'ENOENT')) throw err
  }
}
