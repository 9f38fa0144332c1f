import Database from 'better-sqlite3'
import { closeSync, openSync } from 'node:fs'
import { shippedMigrations } from './migrate.ts'

/** Pages that are copied before somebody is told how far it is: 64 MB of the usual 4 KB. */
const PAGES = 16_384
/** More problems than these are not named. */
const PROBLEMS = 20

/**
 * Copies history as it is at this moment into a file of its own, also while a server writes: what is written meanwhile is
 * not in it.
 * @param told how much of it is done, 0 to 1
 */
export async function copyHistory(from: string, to: string, told: (done: number) => void): Promise<void> {
  closeSync(openSync(to, 'wx', 0o600))
  const db = new Database(from, { readonly: true, fileMustExist: true })
  try {
    // One view of it, held until the end: else each write of the server would make the copy begin anew.
    db.exec('BEGIN')
    db.prepare('SELECT COUNT(*) FROM sqlite_master').get()
    await db.backup(to, {
      progress({ totalPages, remainingPages }) {
        told(totalPages === 0 ? 0 : 1 - remainingPages / totalPages)
        return PAGES
      },
    })
  } finally {
    db.close()
  }
  // So that a copy is one file, whoever looks at it.
  const copy = new Database(to)
  copy.pragma('journal_mode = DELETE')
  copy.close()
}

/** Reads a history through and through → what is wrong with it, in words; nothing: it is whole, and can be used by this server. */
export function problemsOfHistory(file: string): readonly string[] {
  try {
    const db = new Database(file, { readonly: true, fileMustExist: true })
    try {
      const rows = db.pragma(`integrity_check(${PROBLEMS})`) as readonly { integrity_check: string }[]
      const broken = rows.map((row) => row.integrity_check).filter((said) => said !== 'ok')
      return broken.length > 0 ? broken : newerProblem(db)
    } finally {
      db.close()
    }
  } catch (err) {
    if (!(err instanceof Database.SqliteError)) throw err
    return [err.message]
  }
}

function newerProblem(db: Database.Database): readonly string[] {
  const { newest } = db
    .prepare<[], { newest: number }>('SELECT COALESCE(MAX(number), 0) AS newest FROM migrations')
    .get() ?? { newest: 0 }
  const known = shippedMigrations().length
  if (newest === 0) return ['it is no history of Warder']
  return newest > known
    ? [
        `it was written by a newer Warder (step ${newest}, this one knows ${known}); install that version first`,
      ]
    : []
}
