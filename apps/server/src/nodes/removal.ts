import type { Clock } from '@warder/daemon'
import { CLOSE } from '@warder/protocol'
import type { OrderStore } from '../bans/order-store.ts'
import type { BanStore } from '../bans/store.ts'
import type { Transaction } from '../storage/transaction.ts'
import type { EnrolmentStore } from '../enrolment/store.ts'
import type { Roster } from '../link/roster.ts'
import type { NodeRow, NodeStore } from './store.ts'

export interface RemovalParts {
  readonly clock: Clock
  readonly transaction: Transaction
  readonly nodes: NodeStore
  readonly enrolment: EnrolmentStore
  readonly bans: BanStore
  readonly orders: OrderStore
  readonly roster: Roster
  /** After the commit. */
  onRemoved(node: NodeRow): void
}

/** Takes a node out of the fleet. */
export type Removal = (node: NodeRow, by: string) => void

/** Removing a node: its key is void and its link closed, what waited for it is dropped, its history stays. */
export function makeRemoval(parts: RemovalParts): Removal {
  return (node, by) => {
    const now = parts.clock.now()
    parts.transaction(() => {
      parts.nodes.remove(node.id, now)
      parts.enrolment.revokeKeys(node.id, now)
      parts.orders.dropOf(node.id)
      // Nobody will report their end any more.
      parts.bans.endAllOf(node.id, now, `${by} (node removed)`)
    })
    parts.roster.close(node.id, CLOSE.revoked, 'an operator removed this node')
    parts.onRemoved(node)
  }
}
