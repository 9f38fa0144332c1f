import type { EpochMs } from '@warder/core'
import type { SuccessView } from '@warder/protocol/api'
import { rangeOf } from '../bans/range.ts'
import type { Db } from './open.ts'
import type { SuccessFound, SuccessStore } from '../successes/store.ts'
import { HOUR_MS, spanStart } from '../timeline/buckets.ts'

/** Names that are told of one target. */
const NAMED = 5

interface Row {
  readonly count: number
  readonly lastAt: EpochMs
  readonly user: string
  readonly node: string
  readonly jail: string
}

/** The statements whose plans are proved to use an index. */
export const SUCCESS_SQL = {
  of: `SELECT SUM(count) AS count, MAX(last_at) AS lastAt, user, nodes.name AS node, jail
    FROM successes JOIN nodes ON nodes.id = node_id
    WHERE successes.address >= ? AND successes.address <= ? AND last_at >= ? GROUP BY user, node_id, jail ORDER BY 2 DESC LIMIT 1000`,
  forget: `DELETE FROM successes WHERE (address, at, node_id, jail, user) IN
    (SELECT address, at, node_id, jail, user FROM successes WHERE at < ? LIMIT ?)`,
} as const

/** The first few different ones. */
const few = (texts: readonly string[]): string[] =>
  [...new Set(texts)].filter((text) => text !== '').slice(0, NAMED)

/** From where people logged in on nodes. */
export function successStore(db: Db): SuccessStore {
  const add = db.prepare<[string, EpochMs, number, string, string, number, EpochMs]>(
    `INSERT INTO successes (address, at, node_id, jail, user, count, last_at) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET count = count + excluded.count, last_at = MAX(last_at, excluded.last_at)`,
  )
  const of = db.prepare<[string, string, EpochMs], Row>(SUCCESS_SQL.of)
  const forget = db.prepare<[EpochMs, number]>(SUCCESS_SQL.forget)

  /** What is known of a target since a moment; null: nobody logged in from there. */
  const seen = (target: string, since: EpochMs): SuccessView | null => {
    const range = rangeOf(target)
    const rows = range === null ? [] : of.all(range.first, range.last, since)
    const [newest] = rows
    if (newest === undefined) return null
    return {
      count: rows.reduce((sum, { count }) => sum + count, 0),
      lastAt: newest.lastAt,
      users: few(rows.map(({ user }) => user)),
      jails: few(rows.map(({ jail }) => jail)),
      nodes: few(rows.map(({ node }) => node)),
    }
  }
  return {
    add(nodeId: number, at: EpochMs, { jail, ip, user, count, succeededAt }: SuccessFound): void {
      const range = rangeOf(ip)
      if (range === null) return
      const last = Math.min(succeededAt, at)
      add.run(range.first, spanStart(last, HOUR_MS), nodeId, jail, user ?? '', count, last)
    },
    seen,
    seenOf: (targets: readonly string[], since: EpochMs): readonly (readonly [string, SuccessView])[] =>
      targets.flatMap((target) => {
        const view = seen(target, since)
        return view === null ? [] : [[target, view] as const]
      }),
    forget: (before: EpochMs, limit: number): number => forget.run(before, limit).changes,
  }
}
