import { BAN_HOLDS, matchOf } from './match.ts'
import type { Db } from './open.ts'
import { anywhere, placeholders, Where } from './where.ts'
import type { Place } from '../http/cursor.ts'
import { networksAround, rangeOf } from '../bans/range.ts'
import { BAN_COLUMNS, readBan } from './ban-store.ts'
import type { BanRow } from '../bans/store.ts'
import type { BanFilter, BanList } from '../bans/list-store.ts'

/** The conditions of a filter. */
export function whereOf(filter: BanFilter): Where {
  const where = new Where()
  if (filter.nodeId !== null) where.and('node_id = ?', filter.nodeId)
  if (filter.jail !== null) where.and('jail = ?', filter.jail)
  if (filter.active === true) where.and('ended_at IS NULL').and('until > ?', filter.now)
  if (filter.active === false) where.and('(ended_at IS NOT NULL OR until <= ?)', filter.now)
  if (filter.target !== null) addTarget(where, filter.target)
  if (filter.terms !== undefined) where.and(BAN_HOLDS, matchOf(filter.terms))
  if (filter.search !== null) {
    const part = anywhere(filter.search.toLowerCase())
    where.and(
      `(words LIKE ? ESCAPE '\\' OR node_id IN (SELECT id FROM nodes WHERE LOWER(name) LIKE ? ESCAPE '\\'))`,
      part,
      part,
    )
  }
  return where
}

function addTarget(where: Where, target: string): void {
  const range = rangeOf(target)
  if (range === null) where.and('1 = 0')
  else if (range.first !== range.last) {
    where.and(
      'first_address >= ? AND first_address <= ? AND last_address <= ?',
      range.first,
      range.last,
      range.last,
    )
  } else {
    const firsts = networksAround(target)
    // Few rows: found first, then sorted. As plain conditions they would be looked for along the index by time.
    const around = `SELECT id FROM bans WHERE first_address IN (${placeholders(firsts.length)}) AND last_address >= ?`
    where.and(`bans.id IN (${around})`, ...firsts, range.last)
  }
}

/** The statement of a page, newest first. */
export const pageSql = (where: Where): string =>
  `SELECT ${BAN_COLUMNS} FROM bans JOIN nodes ON nodes.id = bans.node_id ${where.sql} ORDER BY at DESC, bans.id DESC LIMIT ?`

export const countSql = (where: Where): string => `SELECT COUNT(*) AS n FROM bans ${where.sql}`

/** Pages of bans. */
export function banList(db: Db): BanList {
  type Stored = Parameters<typeof readBan>[0]
  return {
    page(filter: BanFilter, after: Place | null, limit: number): readonly BanRow[] {
      const where = whereOf(filter)
      if (after !== null) where.and('(at, bans.id) < (?, ?)', after.at, after.id)
      const page = db.prepare<(string | number | null)[], Stored>(pageSql(where))
      return page.all(...where.params, limit).map(readBan)
    },
    count(filter: BanFilter): number {
      const where = whereOf(filter)
      return (
        db.prepare<(string | number | null)[], { n: number }>(countSql(where)).get(...where.params)?.n ?? 0
      )
    },
  }
}
