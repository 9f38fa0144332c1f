import type { EpochMs } from '@warder/core'
import type { Db } from './open.ts'

/** Shared bans that were dealt with: the server names them again at every welcome. */
export interface Shares {
  /** The end with which one was dealt with last, null being none; undefined: never. */
  endOf(id: string): EpochMs | null | undefined
  note(id: string, until: EpochMs | null): void
  /** Forgets all but these. */
  keepOnly(ids: ReadonlySet<string>): void
  /** Forgets those that ended before a moment. */
  prune(before: EpochMs): void
}

export function sharesStore(db: Db): Shares {
  const find = db.prepare<[string], { until: EpochMs | null }>('SELECT until FROM shares WHERE id = ?')
  const note = db.prepare(
    'INSERT INTO shares (id, until) VALUES (?, ?) ON CONFLICT DO UPDATE SET until = excluded.until',
  )
  const all = db.prepare<[], string>('SELECT id FROM shares').pluck()
  const drop = db.prepare('DELETE FROM shares WHERE id = ?')
  const prune = db.prepare('DELETE FROM shares WHERE until < ?')
  return {
    endOf: (id) => find.get(id)?.until,
    note: (id, until) => void note.run(id, until),
    keepOnly(ids) {
      for (const id of all.all()) if (!ids.has(id)) drop.run(id)
    },
    prune: (before) => void prune.run(before),
  }
}
