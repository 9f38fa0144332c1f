import { openDb, type Db } from './open.ts'
import { historyFile } from './backend.ts'
import { openLabStorage, type LabStorage } from '../lab/storage.ts'

/** A real database file of its own, with the newest schema, and a connection to look at what the stores wrote. */
export interface LabDatabase extends LabStorage {
  readonly db: Db
  readonly file: string
}

export function openLabDatabase(): LabDatabase {
  const lab = openLabStorage()
  const file = historyFile(lab.folder)
  const db = openDb(file)
  return {
    ...lab,
    db,
    file,
    [Symbol.dispose]() {
      db.close()
      lab[Symbol.dispose]()
    },
  }
}

/** How SQLite would carry out a statement: one line for each step. */
export const planOf = (db: Db, sql: string, params: readonly (string | number | null)[] = []): string =>
  db
    .prepare<(string | number | null)[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`)
    .all(...(params.length > 0 ? params : Array.from({ length: sql.split('?').length - 1 }, () => 1)))
    .map(({ detail }) => detail)
    .join('\n')
