import type { EpochMs } from '@warder/core'
import Database from 'better-sqlite3'

/** A failure of the past: the number of its node, whose, and when it happened. */
export type PastFailure = readonly [nodeId: number, ip: string, at: EpochMs]

/** Reads in order of arrival, so that the index by jail and time does all of the work. */
export const FAILURES_SQL = `SELECT node_id, ip, json_extract(body, '$.failedAt') FROM events
  WHERE jail = ? AND at >= ? AND at < ? AND kind = 'failure.found' ORDER BY at, seq`

/** Failures of the past, read on a connection of its own that cannot write. */
export interface PastFailures extends Disposable {
  of(jail: string, from: EpochMs, to: EpochMs): Iterable<PastFailure>
}

export function openPastFailures(file: string): PastFailures {
  const db = new Database(file, { readonly: true, timeout: 5_000 })
  db.pragma('query_only = ON')
  db.pragma('cache_size = -16384')
  db.pragma('mmap_size = 1073741824')
  const failures = db.prepare<[string, EpochMs, EpochMs], PastFailure>(FAILURES_SQL).raw()
  return {
    of: (jail, from, to) => failures.iterate(jail, from, to),
    [Symbol.dispose]: () => void db.close(),
  }
}
