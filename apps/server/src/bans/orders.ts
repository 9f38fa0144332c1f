import type { Order } from '@warder/core'
import type { Clock } from '@warder/daemon'
import type { OrderedView } from '@warder/protocol/api'
import { randomUUID } from 'node:crypto'
import type { Transaction } from '../db/tx.ts'
import type { Roster } from '../link/roster.ts'
import type { NodeRow } from '../nodes/store.ts'
import { keepUntil, type Draft } from './order.ts'
import type { OrderStore } from './order-store.ts'
import type { ActiveBan } from './store.ts'

/** An order for several nodes, and the bans in history that it is about. */
export interface Dispatch {
  readonly draft: Draft
  readonly nodes: readonly NodeRow[]
  readonly bans: readonly ActiveBan[]
}

export interface OrdersParts {
  readonly clock: Clock
  readonly orders: OrderStore
  readonly roster: Roster
  readonly transaction: Transaction
}

export type Orders = ReturnType<typeof makeOrders>

/** Sends orders to the nodes that are online, and keeps them for those that are not. */
export function makeOrders({ clock, orders, roster, transaction }: OrdersParts) {
  const write = ({ draft, nodes, bans }: Dispatch) => {
    const now = clock.now()
    return nodes.map((node) => {
      const order: Order = { ...draft, id: randomUUID() }
      const ofNode = bans.filter((ban) => ban.nodeId === node.id)
      orders.add({ nodeId: node.id, order, issuedAt: now, keepUntil: keepUntil(draft, ofNode, now) })
      return { node, order }
    })
  }
  return {
    /** Writes orders down and sends them; answers what became of each. */
    issue(dispatches: readonly Dispatch[]): OrderedView['orders'] {
      const written = transaction(() => dispatches.flatMap(write))
      return written.map(({ node, order }) => ({
        id: order.id,
        node: node.name,
        ip: order.ip ?? '',
        state: roster.send(node.id, { kind: 'order', order }) ? 'sent' : 'kept',
      }))
    },
    /** What a node that comes online should still do. */
    waitingFor: (nodeId: number): readonly Order[] => orders.unfinished(nodeId, clock.now()),
  }
}
