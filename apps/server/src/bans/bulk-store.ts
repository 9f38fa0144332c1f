import type { EpochMs } from '@warder/core'
import { fromText, toText } from '../db/document.ts'
import type { Db } from '../db/open.ts'

/** An order for many, as it was given. */
export interface BulkRow {
  readonly id: string
  readonly at: EpochMs
  readonly by: string
  readonly kind: 'ban' | 'lift'
  readonly jail: string | null
  readonly reason: string | null
  /** How many targets it has. */
  readonly total: number
  /** The order that it takes back. */
  readonly undoOf: string | null
}

/** The statements whose plans are proved to use an index. */
export const BULK_SQL = {
  newest: `SELECT id, at, by_whom AS "by", kind, jail, reason, total, undo_of AS undoOf FROM bulk_orders ORDER BY at DESC, id DESC LIMIT ?`,
} as const

export type BulkStore = ReturnType<typeof bulkStore>

/** Orders for many, as long as history is kept. */
export function bulkStore(db: Db) {
  const add = db.prepare<
    [string, EpochMs, string, string, string | null, string | null, string, number, string | null]
  >(
    'INSERT INTO bulk_orders (id, at, by_whom, kind, jail, reason, ips, total, undo_of) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
  )
  const byId = db.prepare<[string], BulkRow>(
    'SELECT id, at, by_whom AS "by", kind, jail, reason, total, undo_of AS undoOf FROM bulk_orders WHERE id = ?',
  )
  const ips = db.prepare<[string], { ips: string }>('SELECT ips FROM bulk_orders WHERE id = ?')
  const newest = db.prepare<[number], BulkRow>(BULK_SQL.newest)
  const forget = db.prepare<[EpochMs]>('DELETE FROM bulk_orders WHERE at < ?')
  return {
    add: (row: Omit<BulkRow, 'total'>, targets: readonly string[]) =>
      void add.run(
        row.id,
        row.at,
        row.by,
        row.kind,
        row.jail,
        row.reason,
        toText(targets),
        targets.length,
        row.undoOf,
      ),
    byId: (id: string): BulkRow | null => byId.get(id) ?? null,
    targetsOf(id: string): readonly string[] {
      const row = ips.get(id)
      return row ? fromText<readonly string[]>(row.ips) : []
    },
    newest: (limit: number): readonly BulkRow[] => newest.all(limit),
    /** Forgets those from before a moment; what nodes have still to do of them stays. */
    forget: (before: EpochMs) => void forget.run(before),
  }
}
