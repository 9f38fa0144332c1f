import type { EpochMs } from '@warder/core'
import type { TimelineView } from '@warder/protocol/api'
import type { Db } from '../db/open.ts'
import type { Cut, Span } from './buckets.ts'
import type { Tally } from './tally.ts'

/** The statements whose plans are proved to use an index. */
export const COUNTER_SQL = {
  buckets: `SELECT counters.at - counters.at % ? AS at, nodes.name AS node, SUM(failures) AS failures, SUM(bans) AS bans
    FROM counters JOIN nodes ON nodes.id = counters.node_id
    WHERE span = ? AND counters.at >= ? AND counters.at < ? GROUP BY 1, 2 ORDER BY 1, 2`,
  totals: `SELECT COALESCE(SUM(failures), 0) AS failures, COALESCE(SUM(bans), 0) AS bans
    FROM counters WHERE span = ? AND at >= ?`,
  ofNode: `SELECT jail, SUM(failures) AS n FROM counters WHERE span = ? AND node_id = ? AND at >= ? GROUP BY jail`,
  forget: 'DELETE FROM counters WHERE span = ? AND at < ?',
} as const

export type CounterStore = ReturnType<typeof counterStore>

/** Failures and bans per minute and hour, and when each jail last matched. */
export function counterStore(db: Db) {
  const count = db.prepare<[number, number, EpochMs, string, number, number]>(
    `INSERT INTO counters (span, node_id, at, jail, failures, bans) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (span, node_id, at, jail)
     DO UPDATE SET failures = counters.failures + excluded.failures, bans = counters.bans + excluded.bans`,
  )
  const match = db.prepare<[number, string, EpochMs]>(
    `INSERT INTO last_matches (node_id, jail, at) VALUES (?, ?, ?)
     ON CONFLICT (node_id, jail) DO UPDATE SET at = excluded.at WHERE excluded.at > last_matches.at`,
  )
  const buckets = db.prepare<[number, number, EpochMs, EpochMs], TimelineView['buckets'][number]>(
    COUNTER_SQL.buckets,
  )
  const totals = db.prepare<[number, EpochMs], { failures: number; bans: number }>(COUNTER_SQL.totals)
  const ofNode = db.prepare<[number, number, EpochMs], { jail: string; n: number }>(COUNTER_SQL.ofNode)
  const newest = db.prepare<[], { at: EpochMs; node: string; jail: string }>(
    `SELECT at, nodes.name AS node, jail FROM last_matches JOIN nodes ON nodes.id = node_id
     WHERE removed_at IS NULL ORDER BY at DESC LIMIT 1`,
  )
  const matchesOf = db.prepare<[number], { jail: string; at: EpochMs }>(
    'SELECT jail, at FROM last_matches WHERE node_id = ?',
  )
  const forget = db.prepare<[number, EpochMs]>(COUNTER_SQL.forget)
  return {
    add(tally: Tally): void {
      for (const { span, nodeId, at, jail, failures, bans } of tally.counts) {
        count.run(span, nodeId, at, jail, failures, bans)
      }
      for (const { nodeId, jail, at } of tally.matches) match.run(nodeId, jail, at)
    },
    buckets: ({ bucketMs, span, from, to }: Cut): TimelineView['buckets'] =>
      buckets.all(bucketMs, span, from, to),
    /** All failures and bans counted in spans that begin at or after a moment. */
    totals: (span: Span, from: EpochMs) => totals.get(span, from) ?? { failures: 0, bans: 0 },
    /** A node's failures since a moment, by jail. */
    failuresOf: (nodeId: number, span: Span, from: EpochMs): ReadonlyMap<string, number> =>
      new Map(ofNode.all(span, nodeId, from).map(({ jail, n }) => [jail, n])),
    /** The newest match of the fleet. */
    lastMatch: () => newest.get() ?? null,
    /** When each jail of a node last matched. */
    lastMatchesOf: (nodeId: number): ReadonlyMap<string, EpochMs> =>
      new Map(matchesOf.all(nodeId).map(({ jail, at }) => [jail, at])),
    forget: (span: Span, before: EpochMs) => void forget.run(span, before),
  }
}
