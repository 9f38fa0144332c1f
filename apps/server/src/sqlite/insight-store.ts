import type { EpochMs } from '@warder/core'
import type { Db } from './open.ts'
import type { Spans } from '../insights/cut.ts'
import type { InsightStore, InsightTable, NamedCount } from '../insights/store.ts'

/** The statements whose plans are proved to use an index. */
export const INSIGHT_SQL = {
  nodes: `SELECT nodes.name AS name, SUM(failures) AS failures, SUM(bans) AS bans
    FROM counters JOIN nodes ON nodes.id = counters.node_id
    WHERE span = ? AND counters.at >= ? AND counters.at < ? GROUP BY nodes.name ORDER BY 2 DESC, 3 DESC, 1 LIMIT ?`,
  jails: `SELECT jail AS name, SUM(failures) AS failures, SUM(bans) AS bans FROM counters
    WHERE span = ? AND at >= ? AND at < ? GROUP BY jail ORDER BY 2 DESC, 3 DESC, 1 LIMIT ?`,
  countries: `SELECT country AS name, SUM(failures) AS failures, SUM(bans) AS bans FROM country_counts
    WHERE span = ? AND at >= ? AND at < ? GROUP BY country ORDER BY 2 DESC, 3 DESC, 1 LIMIT ?`,
  total: `SELECT COALESCE(SUM(failures), 0) AS failures, COALESCE(SUM(bans), 0) AS bans FROM counters
    WHERE span = ? AND at >= ? AND at < ?`,
  users: `SELECT name, COUNT(*) AS failures FROM (
      SELECT json_extract(body, '$.user') AS name FROM events
      WHERE kind = 'failure.found' AND at >= ? AND at < ? ORDER BY at DESC, seq DESC LIMIT ?)
    WHERE name IS NOT NULL AND name <> '' GROUP BY name ORDER BY 2 DESC, 1 LIMIT ?`,
} as const

/** What stands out in a range of time. */
export function insightStore(db: Db): InsightStore {
  type Range = [number, EpochMs, EpochMs, number]
  const tables = {
    nodes: db.prepare<Range, NamedCount>(INSIGHT_SQL.nodes),
    jails: db.prepare<Range, NamedCount>(INSIGHT_SQL.jails),
    countries: db.prepare<Range, NamedCount>(INSIGHT_SQL.countries),
  }
  const users = db.prepare<[EpochMs, EpochMs, number, number], { name: string; failures: number }>(
    INSIGHT_SQL.users,
  )
  const total = db.prepare<[number, EpochMs, EpochMs], { failures: number; bans: number }>(INSIGHT_SQL.total)
  return {
    total: ({ span, from, to }: Spans) => total.all(span, from, to),
    top: (table: InsightTable, { span, from, to }: Spans, limit: number): NamedCount[] =>
      tables[table].all(span, from, to, limit),
    topUsers: ({ from, to }: Pick<Spans, 'from' | 'to'>, looked: number, limit: number) =>
      users.all(from, to, looked, limit),
  }
}
