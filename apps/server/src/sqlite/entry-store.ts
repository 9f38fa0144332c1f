import type { EpochMs } from '@warder/core'
import { networksAround, rangeOf } from '../bans/range.ts'
import { NEVER_ENDS } from './ban-store.ts'
import type { Db } from './open.ts'
import { anywhere, placeholders, Where } from './where.ts'
import type { EntryRow, EntryPlace, EntryFilter, EntryStore } from '../lists/entry-store.ts'

const COLUMNS = 'ip, first_address AS first, note, until, added_at AS addedAt, added_by AS addedBy, fetched'

/** The statements whose plans are proved to use an index. */
export const ENTRY_SQL = {
  expired: 'DELETE FROM list_entries WHERE until <= ?',
} as const

export function whereOf({ listId, target, search, now }: EntryFilter): Where {
  const where = new Where().and('list_id = ?', listId).and('until > ?', now)
  const range = target === null ? null : rangeOf(target)
  if (target !== null && range !== null) {
    const firsts = networksAround(target)
    where.and(
      `((first_address IN (${placeholders(firsts.length)}) AND last_address >= ?) OR (first_address >= ? AND first_address <= ?))`,
      ...firsts,
      range.last,
      range.first,
      range.last,
    )
  } else if (search !== null) {
    const part = anywhere(search.toLowerCase())
    where.and(`(ip LIKE ? ESCAPE '\\' OR LOWER(note) LIKE ? ESCAPE '\\')`, part, part)
  }
  return where
}

/** The statement of a page, in the order of addresses. */
export const pageSql = (where: Where): string =>
  `SELECT ${COLUMNS} FROM list_entries ${where.sql} ORDER BY first_address, ip LIMIT ?`

/** What is on lists. */
export function entryStore(db: Db): EntryStore {
  type Stored = Omit<EntryRow, 'until' | 'fetched'> & { first: string; until: number; fetched: number }
  const read = ({ ip, note, until, addedAt, addedBy, fetched }: Stored): EntryRow => ({
    ip,
    note,
    until: until === NEVER_ENDS ? null : until,
    addedAt,
    addedBy,
    fetched: fetched === 1,
  })
  const put = db.prepare<[number, string, string, string, string, EpochMs, EpochMs, string, number]>(
    `INSERT INTO list_entries (list_id, ip, first_address, last_address, note, until, added_at, added_by, fetched)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (list_id, ip) DO UPDATE SET note = excluded.note, until = excluded.until, added_at = excluded.added_at,
       added_by = excluded.added_by, fetched = excluded.fetched`,
  )
  const remove = db.prepare<[number, string]>('DELETE FROM list_entries WHERE list_id = ? AND ip = ?')
  const get = db.prepare<[number, string], Stored>(
    `SELECT ${COLUMNS} FROM list_entries WHERE list_id = ? AND ip = ?`,
  )
  const counts = db.prepare<[EpochMs], { listId: number; n: number }>(
    'SELECT list_id AS listId, COUNT(*) AS n FROM list_entries WHERE until > ? GROUP BY list_id',
  )
  const ofList = db.prepare<[number, EpochMs], Stored>(
    `SELECT ${COLUMNS} FROM list_entries WHERE list_id = ? AND until > ? ORDER BY ip`,
  )
  const expired = db.prepare<[EpochMs]>(ENTRY_SQL.expired)
  return {
    put(listId: number, entry: EntryRow): void {
      const range = rangeOf(entry.ip)
      put.run(
        listId,
        entry.ip,
        range?.first ?? '',
        range?.last ?? '',
        entry.note,
        entry.until ?? NEVER_ENDS,
        entry.addedAt,
        entry.addedBy,
        entry.fetched ? 1 : 0,
      )
    },
    remove: (listId: number, ip: string): boolean => remove.run(listId, ip).changes > 0,
    get(listId: number, ip: string): EntryRow | null {
      const row = get.get(listId, ip)
      return row ? read(row) : null
    },
    counts: (now: EpochMs): ReadonlyMap<number, number> =>
      new Map(counts.all(now).map(({ listId, n }) => [listId, n])),
    ofList: (listId: number, now: EpochMs): readonly EntryRow[] => ofList.all(listId, now).map(read),
    page(filter: EntryFilter, after: EntryPlace | null, limit: number): readonly (EntryRow & EntryPlace)[] {
      const where = whereOf(filter)
      if (after !== null) where.and('(first_address, ip) > (?, ?)', after.first, after.ip)
      const rows = db.prepare<(string | number | null)[], Stored>(pageSql(where)).all(...where.params, limit)
      return rows.map((row) => ({ ...read(row), first: row.first }))
    },
    count(filter: EntryFilter): number {
      const where = whereOf(filter)
      const sql = `SELECT COUNT(*) AS n FROM list_entries ${where.sql}`
      return db.prepare<(string | number | null)[], { n: number }>(sql).get(...where.params)?.n ?? 0
    },
    forget: (now: EpochMs) => void expired.run(now),
  }
}
