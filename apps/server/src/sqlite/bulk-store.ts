import type { EpochMs } from '@warder/core'
import { fromText, toText } from './document.ts'
import type { Db } from './open.ts'
import type { BulkRow, BulkStore } from '../bans/bulk-store.ts'

/** The statements whose plans are proved to use an index. */
export const BULK_SQL = {
  newest: `SELECT id, at, by_whom AS "by", kind, jail, reason, total, undo_of AS undoOf FROM bulk_orders ORDER BY at DESC, id DESC LIMIT ?`,
} as const

/** Orders for many, as long as history is kept. */
export function bulkStore(db: Db): BulkStore {
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
    forget: (before: EpochMs) => void forget.run(before),
  }
}
