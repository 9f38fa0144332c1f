import type { EpochMs } from '@warder/core'
import type { AuditView } from '@warder/protocol/api'
import { fromText, toText } from './document.ts'
import type { Db } from './open.ts'
import type { Place } from '../http/cursor.ts'
import type { Deed, AuditStore } from '../audit/store.ts'

/** Who changed what; only ever appended to. */
export function auditStore(db: Db): AuditStore {
  type Row = Omit<AuditView, 'before' | 'after'> & { before: string | null; after: string | null }
  const add = db.prepare<[EpochMs, string, string, string, string, string | null, string | null]>(
    'INSERT INTO audit (at, actor, address, action, target, before, after) VALUES (?, ?, ?, ?, ?, ?, ?)',
  )
  const page = db.prepare<[number, number], Row>(
    'SELECT id, at, actor, address, action, target, before, after FROM audit WHERE id < ? ORDER BY id DESC LIMIT ?',
  )
  const signedIn = db.prepare<[EpochMs], { address: string }>(
    "SELECT DISTINCT address FROM audit WHERE at >= ? AND action IN ('session.open', 'server.claim')",
  )
  const text = (value: unknown): string | null => (value === undefined ? null : toText(value))
  const read = (value: string | null): unknown => (value === null ? null : fromText<unknown>(value))
  return {
    add: (deed: Deed) =>
      void add.run(
        deed.at,
        deed.actor,
        deed.address,
        deed.action,
        deed.target,
        text(deed.before),
        text(deed.after),
      ),
    signedInSince: (at: EpochMs): ReadonlySet<string> =>
      new Set(signedIn.all(at).map(({ address }) => address)),
    page: (after: Place | null, limit: number): AuditView[] =>
      page
        .all(after?.id ?? Number.MAX_SAFE_INTEGER, limit)
        .map((row) => ({ ...row, before: read(row.before), after: read(row.after) })),
  }
}
