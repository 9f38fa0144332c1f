import type { Order } from '@warder/core'
import type { Clock } from '@warder/daemon'
import type { Down } from '@warder/protocol'
import type { OrderedView } from '@warder/protocol/api'
import { randomUUID } from 'node:crypto'
import type { Transaction } from '../storage/transaction.ts'
import type { Roster } from '../link/roster.ts'
import type { NodeRow } from '../nodes/store.ts'
import { asUnderstood, byClock, keepUntil, withoutLifted, type Draft } from './order.ts'
import type { OrderStore } from './order-store.ts'

/** An order for several nodes. */
export interface Dispatch {
  readonly draft: Draft
  readonly nodes: readonly NodeRow[]
  /** The order for many that it carries out. */
  readonly bulkId?: string
}

export interface OrdersParts {
  readonly clock: Clock
  readonly orders: OrderStore
  readonly roster: Roster
  readonly transaction: Transaction
  /** How far the clock of a node may be ahead. */
  mostAhead(node: { readonly id: number }): number
}

/** An order in the form of the link: the core's lists are readonly, on the wire they are plain. */
type WireOrder = Extract<Down, { kind: 'order' }>['order']
const onWire = (order: Order): WireOrder => ('ips' in order ? { ...order, ips: [...order.ips] } : order)

export type Orders = ReturnType<typeof makeOrders>

/** Sends orders to the nodes that are online, and keeps them for those that are not. */
export function makeOrders({ clock, orders, roster, transaction, mostAhead }: OrdersParts) {
  const write = ({ draft, nodes, bulkId }: Dispatch) => {
    const now = clock.now()
    return nodes.map((node) => {
      const order: Order = { ...draft, id: randomUUID() }
      const row = { nodeId: node.id, order, issuedAt: now, keepUntil: keepUntil(draft, now) }
      orders.add(bulkId === undefined ? row : { ...row, bulkId })
      return { node, order }
    })
  }
  const send = (nodeId: number, order: Order): boolean => {
    const version = roster.versionOf(nodeId)
    if (version === null) return false
    for (const each of asUnderstood(byClock(order, mostAhead({ id: nodeId })), version))
      roster.send(nodeId, { kind: 'order', order: onWire(each) })
    return true
  }
  return {
    /** Writes orders down and sends them; answers what became of each. */
    issue(dispatches: readonly Dispatch[]): OrderedView['orders'] {
      const written = transaction(() => dispatches.flatMap(write))
      return written.map(({ node, order }) => ({
        id: order.id,
        node: node.name,
        ip: 'ip' in order ? (order.ip ?? '') : '',
        state: send(node.id, order) ? 'sent' : 'kept',
      }))
    },
    /** What a node that comes online should still do. */
    waitingFor: (nodeId: number, version: number): readonly WireOrder[] =>
      withoutLifted(orders.unfinished(nodeId, clock.now()))
        .flatMap((order) => asUnderstood(byClock(order, mostAhead({ id: nodeId })), version))
        .map(onWire),
  }
}
