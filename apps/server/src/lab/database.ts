import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrate } from '../db/migrate.ts'
import { openDb, type Db } from '../db/open.ts'
import { makeVault } from '../notifications/vault.ts'
import { openStores, type Stores } from '../stores.ts'

/** A real database file of its own, with the newest schema. */
export interface LabDatabase {
  readonly db: Db
  readonly stores: Stores
  readonly file: string
  [Symbol.dispose](): void
}

export function openLabDatabase(): LabDatabase {
  const folder = mkdtempSync(join(tmpdir(), 'warder-db-'))
  const file = join(folder, 'history.sqlite')
  const db = openDb(file)
  migrate(db)
  return {
    db,
    stores: openStores(db, makeVault(randomBytes(32))),
    file,
    [Symbol.dispose]() {
      db.close()
      rmSync(folder, { recursive: true, force: true })
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
