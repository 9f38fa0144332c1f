import type { EpochMs } from '@warder/core'
import type { TimelineView } from '@warder/protocol/api'
import type { Db } from './open.ts'
import { HOUR_MS, NODE_SPAN_MS, piecesSince, type Cut, type Span } from '../timeline/buckets.ts'
import type { Tally } from '../timeline/tally.ts'
import type { CountryCount, AddressCount, SpanCount, CounterStore } from '../timeline/store.ts'

/** The statements whose plans are proved to use an index. */
export const COUNTER_SQL = {
  buckets: `SELECT counters.at - counters.at % ? AS at, nodes.name AS node, SUM(failures) AS failures, SUM(bans) AS bans
    FROM counters JOIN nodes ON nodes.id = counters.node_id
    WHERE span = ? AND counters.at >= ? AND counters.at < ? GROUP BY 1, 2 ORDER BY 1, 2`,
  nodeBuckets: `SELECT at, node_id, failures, bans FROM node_counts WHERE at >= ? AND at < ? ORDER BY at, node_id`,
  totals: `SELECT COALESCE(SUM(failures), 0) AS failures, COALESCE(SUM(bans), 0) AS bans
    FROM counters WHERE span = ? AND at >= ? AND at < ?`,
  ofNode: `SELECT jail, SUM(failures) AS n FROM counters WHERE span = ? AND node_id = ? AND at >= ? AND at < ? GROUP BY jail`,
  hoursOf: `SELECT jail, at FROM counters WHERE span = ${HOUR_MS} AND node_id = ? AND at >= ? AND failures > 0 ORDER BY at`,
  forgetNodes: 'DELETE FROM node_counts WHERE at < ?',
  forget: 'DELETE FROM counters WHERE span = ? AND at < ?',
  countries: `SELECT country, SUM(failures) AS failures, SUM(bans) AS bans FROM country_counts
    WHERE span = ? AND at >= ? GROUP BY country ORDER BY 2 DESC, 3 DESC, 1 LIMIT ?`,
  largest: `SELECT ip, failures, bans FROM address_counts WHERE span = ? AND at = ? ORDER BY failures DESC LIMIT ?`,
  address: 'SELECT at, failures, bans FROM address_counts WHERE span = ? AND at = ? AND ip = ?',
  forgetAddresses: `DELETE FROM address_counts WHERE (span, at, ip) IN
    (SELECT span, at, ip FROM address_counts WHERE span = ? AND at < ? LIMIT ?)`,
} as const

type NodeRow = [at: EpochMs, nodeId: number, failures: number, bans: number]

/** Counts by node, in order of time → those of each bucket together. In SQL this takes twice as long. */
function joined(
  rows: readonly NodeRow[],
  names: ReadonlyMap<number, string>,
  bucketMs: number,
): TimelineView['buckets'] {
  const buckets: TimelineView['buckets'] = []
  const current = new Map<number, TimelineView['buckets'][number]>()
  for (const [at, nodeId, failures, bans] of rows) {
    const start = at - (at % bucketMs)
    const bucket = current.get(nodeId)
    if (bucket?.at === start) {
      bucket.failures += failures
      bucket.bans += bans
      continue
    }
    const made = { at: start, node: names.get(nodeId) ?? '', failures, bans }
    current.set(nodeId, made)
    buckets.push(made)
  }
  return buckets
}

/** Counters, of the same transactions as what they count. */
export function counterStore(db: Db): CounterStore {
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
  const nodeBuckets = db.prepare<[EpochMs, EpochMs], NodeRow>(COUNTER_SQL.nodeBuckets).raw()
  const nodeNames = db.prepare<[], [number, string]>('SELECT id, name FROM nodes').raw()
  const countNode = db.prepare<[EpochMs, number, number, number]>(
    `INSERT INTO node_counts (at, node_id, failures, bans) VALUES (?, ?, ?, ?)
     ON CONFLICT (at, node_id)
     DO UPDATE SET failures = node_counts.failures + excluded.failures, bans = node_counts.bans + excluded.bans`,
  )
  const forgetNodes = db.prepare<[EpochMs]>(COUNTER_SQL.forgetNodes)
  const totals = db.prepare<[number, EpochMs, EpochMs], { failures: number; bans: number }>(
    COUNTER_SQL.totals,
  )
  const ofNode = db.prepare<[number, number, EpochMs, EpochMs], { jail: string; n: number }>(
    COUNTER_SQL.ofNode,
  )
  const hoursOf = db.prepare<[number, EpochMs], { jail: string; at: EpochMs }>(COUNTER_SQL.hoursOf)
  const newest = db.prepare<[], { at: EpochMs; node: string; jail: string }>(
    `SELECT at, nodes.name AS node, jail FROM last_matches JOIN nodes ON nodes.id = node_id
     WHERE removed_at IS NULL ORDER BY at DESC LIMIT 1`,
  )
  const matchesOf = db.prepare<[number], { jail: string; at: EpochMs }>(
    'SELECT jail, at FROM last_matches WHERE node_id = ?',
  )
  const forget = db.prepare<[number, EpochMs]>(COUNTER_SQL.forget)
  const forgetCountries = db.prepare<[number, EpochMs]>(
    'DELETE FROM country_counts WHERE span = ? AND at < ?',
  )
  const forgetAddresses = db.prepare<[number, EpochMs, number]>(COUNTER_SQL.forgetAddresses)
  type Named = [number, EpochMs, string, number, number]
  const addAddress = db.prepare<Named>(
    `INSERT INTO address_counts (span, at, ip, failures, bans) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (span, at, ip)
     DO UPDATE SET failures = address_counts.failures + excluded.failures, bans = address_counts.bans + excluded.bans`,
  )
  const addCountry = db.prepare<Named>(
    `INSERT INTO country_counts (span, at, country, failures, bans) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (span, at, country)
     DO UPDATE SET failures = country_counts.failures + excluded.failures, bans = country_counts.bans + excluded.bans`,
  )
  const countries = db.prepare<[number, EpochMs, number], CountryCount>(COUNTER_SQL.countries)
  const largest = db.prepare<[number, EpochMs, number], AddressCount>(COUNTER_SQL.largest)
  const ofAddress = db.prepare<[number, EpochMs, string], SpanCount>(COUNTER_SQL.address)
  return {
    add(tally: Tally): void {
      for (const { nodeId, at, failures, bans } of tally.nodes) countNode.run(at, nodeId, failures, bans)
      for (const { span, nodeId, at, jail, failures, bans } of tally.counts) {
        count.run(span, nodeId, at, jail, failures, bans)
      }
      for (const { span, at, name, failures, bans } of tally.addresses)
        addAddress.run(span, at, name, failures, bans)
      for (const { span, at, name, failures, bans } of tally.countries)
        addCountry.run(span, at, name, failures, bans)
      for (const { nodeId, jail, at } of tally.matches) match.run(nodeId, jail, at)
    },
    buckets({ bucketMs, span, from, to }: Cut): TimelineView['buckets'] {
      if (span !== NODE_SPAN_MS) return buckets.all(bucketMs, span, from, to)
      return joined(nodeBuckets.all(from, to), new Map(nodeNames.all()), bucketMs)
    },
    totals: (from: EpochMs): { readonly failures: number; readonly bans: number } =>
      piecesSince(from)
        .map(({ span, from: at, to }) => totals.get(span, at, to) ?? { failures: 0, bans: 0 })
        .reduce((sum, part) => ({ failures: sum.failures + part.failures, bans: sum.bans + part.bans })),
    failuresOf(nodeId: number, from: EpochMs): ReadonlyMap<string, number> {
      const found = new Map<string, number>()
      for (const { span, from: at, to } of piecesSince(from))
        for (const { jail, n } of ofNode.all(span, nodeId, at, to))
          found.set(jail, (found.get(jail) ?? 0) + n)
      return found
    },
    hoursOf: (nodeId: number, from: EpochMs) => hoursOf.all(nodeId, from),
    lastMatch: () => newest.get() ?? null,
    lastMatchesOf: (nodeId: number): ReadonlyMap<string, EpochMs> =>
      new Map(matchesOf.all(nodeId).map(({ jail, at }) => [jail, at])),
    countries: (span: Span, from: EpochMs, limit: number): CountryCount[] => countries.all(span, from, limit),
    largest: (span: Span, starts: readonly EpochMs[], limit: number): readonly AddressCount[] =>
      starts.flatMap((at) => largest.all(span, at, limit)),
    ofAddresses: (ips: readonly string[], span: Span, starts: readonly EpochMs[]): AddressCount[] =>
      ips.flatMap((ip) => {
        const counts = starts.flatMap((at) => ofAddress.get(span, at, ip) ?? [])
        const sum = (key: 'failures' | 'bans'): number => counts.reduce((total, each) => total + each[key], 0)
        return counts.length === 0 ? [] : [{ ip, failures: sum('failures'), bans: sum('bans') }]
      }),
    ofAddress: (ip: string, span: Span, starts: readonly EpochMs[]): SpanCount[] =>
      starts.flatMap((at) => ofAddress.get(span, at, ip) ?? []),
    forget(span: Span, before: EpochMs): void {
      if (span === NODE_SPAN_MS) return void forgetNodes.run(before)
      forget.run(span, before)
      forgetCountries.run(span, before)
    },
    forgetAddresses: (span: Span, before: EpochMs, limit: number): number =>
      forgetAddresses.run(span, before, limit).changes,
  }
}
