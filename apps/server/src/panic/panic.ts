import type { EpochMs } from '@warder/core'
import type { Clock } from '@warder/daemon'
import { SHARING_SINCE, type Down, type SuspensionWish } from '@warder/protocol'
import { SUSPENSION_MOST_S } from '@warder/protocol/words'
import type { PanicView } from '@warder/protocol/api'
import { randomUUID } from 'node:crypto'
import type { Transaction } from '../storage/transaction.ts'
import type { Roster } from '../link/roster.ts'
import type { NodeRow } from '../nodes/store.ts'
import type { SuspensionStore } from './store.ts'

export interface PanicParts {
  readonly clock: Clock
  readonly transaction: Transaction
  readonly suspensions: SuspensionStore
  readonly roster: Roster
}

/** What is wanted: nothing enforced until a moment, or (null) that it goes on. */
export interface Wanted {
  readonly until: EpochMs | null
  readonly by: string
  readonly reason?: string | undefined
}

export type Panic = ReturnType<typeof makePanic>

/** Tells nodes to enforce nothing for a while, or to go on; those that are away hear of it when they are back. */
export function makePanic({ clock, transaction, suspensions, roster }: PanicParts) {
  const tell = ({ id, name }: NodeRow, wish: SuspensionWish): PanicView['nodes'][number] => {
    const version = roster.versionOf(id)
    if (version !== null && version < SHARING_SINCE) return { node: name, state: 'too-old' }
    return { node: name, state: roster.send(id, { kind: 'suspension', wish }) ? 'sent' : 'kept' }
  }
  return {
    want(nodes: readonly NodeRow[], { until, by, reason }: Wanted): PanicView {
      const why = reason === undefined || reason === '' ? {} : { reason }
      const wish: SuspensionWish = { id: randomUUID(), until, by, ...why }
      const now = clock.now()
      transaction(() => {
        for (const node of nodes) suspensions.put(node.id, wish, now)
      })
      return { until, nodes: nodes.map((node) => tell(node, wish)) }
    },
    /** What a node that comes online is told. */
    forNode({ id }: { readonly id: number }): readonly Down[] {
      if ((roster.versionOf(id) ?? 0) < SHARING_SINCE) return []
      const now = clock.now()
      const wish = suspensions.wishFor(id, now, now - SUSPENSION_MOST_S * 1_000)
      return wish === null ? [] : [{ kind: 'suspension', wish }]
    },
  }
}
