import type { EpochMs } from '@warder/core'
import Database from 'better-sqlite3'
import { readFailures } from '../preview/failure-text.ts'
import type { Past } from '../storage/storage.ts'

/** How many failures are handed over at a time. */
const STEP = 10_000

const OF_JAIL = "FROM events WHERE jail = ? AND at >= ? AND at < ? AND kind = 'failure.found'"

/** In order of arrival and out of the index by jail alone, which holds everything that is named here. */
export const FAILURES_SQL = {
  /** When the first failure happened that is one too many for a step. */
  nextStep: `SELECT at ${OF_JAIL} ORDER BY at, seq LIMIT 1 OFFSET ${STEP}`,
  /** One text for all failures of a step: making a row of each takes longer than everything else. */
  step: `SELECT group_concat(node_id || ' ' || ip || ' ' || failed_at, char(10)) FROM (
    SELECT node_id, ip, json_extract(body, '$.failedAt') AS failed_at ${OF_JAIL} ORDER BY at, seq)`,
} as const

/** Failures of the past, read on a connection of its own that cannot write. */
export function openFailures(file: string): Past {
  const db = new Database(file, { readonly: true, timeout: 5_000 })
  db.pragma('query_only = ON')
  db.pragma('cache_size = -16384')
  db.pragma('mmap_size = 1073741824')
  const nextStep = db.prepare<[string, EpochMs, EpochMs], EpochMs>(FAILURES_SQL.nextStep).pluck()
  const step = db.prepare<[string, EpochMs, EpochMs], string | null>(FAILURES_SQL.step).pluck()
  return {
    of: (jail, from, to) => (take) => {
      for (let at = from; at < to;) {
        const next = nextStep.get(jail, at, to) ?? to
        // More failures than a step has may have happened at the same moment.
        const end = Math.max(next, at + 1)
        readFailures(step.get(jail, at, end) ?? '', take)
        at = end
      }
    },
    [Symbol.dispose]: () => void db.close(),
  }
}
