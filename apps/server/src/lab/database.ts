import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ManualClock } from '@warder/daemon'
import { openDb, type Db } from '../db/open.ts'
import { openSqlite } from '../db/sqlite-storage.ts'
import type { Storage } from '../storage/storage.ts'
import { makeVault } from '../notifications/vault.ts'
import type { Stores } from '../stores.ts'

/** A real database file of its own, with the newest schema. */
export interface LabDatabase {
  readonly db: Db
  readonly stores: Stores
  readonly storage: Storage
  readonly file: string
  [Symbol.dispose](): void
}

export function openLabDatabase(): LabDatabase {
  const folder = mkdtempSync(join(tmpdir(), 'warder-db-'))
  const file = join(folder, 'history.sqlite')
  const storage = openSqlite(file, { vault: makeVault(randomBytes(32)), clock: new ManualClock(0) })
  // Another connection, to look at what the stores wrote.
  const db = openDb(file)
  return {
    db,
    stores: storage.stores,
    storage,
    file,
    [Symbol.dispose]() {
      db.close()
      void storage.close()
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
