import type { EpochMs } from '@warder/core'
import type { SuspensionWish } from '@warder/protocol'
import type { Db } from './open.ts'
import type { SuspensionStore } from '../panic/store.ts'

interface Stored {
  readonly id: string
  readonly until: EpochMs | null
  readonly by: string
  readonly reason: string | null
}

/** What is wanted of each node's enforcing: the last word only. */
export function suspensionStore(db: Db): SuspensionStore {
  const put = db.prepare<[number, string, EpochMs | null, string, string | null, EpochMs]>(
    `INSERT INTO suspensions (node_id, id, until, by_whom, reason, at) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (node_id) DO UPDATE SET id = excluded.id, until = excluded.until, by_whom = excluded.by_whom,
       reason = excluded.reason, at = excluded.at`,
  )
  const find = db.prepare<[number, EpochMs, EpochMs], Stored>(
    `SELECT id, until, by_whom AS "by", reason FROM suspensions
     WHERE node_id = ? AND (until > ? OR (until IS NULL AND at > ?))`,
  )
  return {
    put: (nodeId: number, { id, until, by, reason }: SuspensionWish, at: EpochMs) =>
      void put.run(nodeId, id, until, by, reason ?? null, at),
    wishFor(nodeId: number, now: EpochMs, resumedAfter: EpochMs): SuspensionWish | null {
      const row = find.get(nodeId, now, resumedAfter)
      if (row === undefined) return null
      const { id, until, by, reason } = row
      return { id, until, by, ...(reason === null ? {} : { reason }) }
    },
  }
}
