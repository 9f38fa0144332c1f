import { openStores } from './stores.ts'
import type { OpenOptions, Storage, Upkeep } from '../storage/storage.ts'
import { migrate } from './migrate.ts'
import { openDb, type Db } from './open.ts'
import { Reader } from './reader.ts'
import { wordStore } from './word-store.ts'

/** Opens history in one SQLite file and brings it to the newest step. @throws what SQLite says of a file it cannot use */
export function openSqlite(file: string, { vault, clock }: OpenOptions): Storage {
  const db = openDb(file)
  try {
    migrate(db)
    const reader = new Reader(file, clock)
    const stores = openStores(db, vault)
    return {
      stores,
      ask: reader.ask,
      upkeep: upkeepOf(db),
      async close() {
        await reader.stop()
        db.close()
      },
    }
  } catch (err) {
    db.close()
    throw err
  }
}

function upkeepOf(db: Db): Upkeep {
  const pragma = (name: string): number => Number(db.pragma(name, { simple: true }))
  const words = wordStore(db)
  const pageSize = pragma('page_size')
  const well = db.prepare('SELECT COUNT(*) FROM migrations')
  return {
    indexWords: (limit) => words.index(limit),
    room: () => ({ total: pragma('page_count') * pageSize, free: pragma('freelist_count') * pageSize }),
    giveBack(bytes) {
      const before = pragma('freelist_count')
      db.pragma(`incremental_vacuum(${Math.max(1, Math.floor(bytes / pageSize))})`)
      return (before - pragma('freelist_count')) * pageSize
    },
    isWell() {
      try {
        return db.open && well.get() !== undefined
      } catch {
        return false
      }
    },
  }
}
