import type { EpochMs, Order } from '@warder/core'
import { fromText, toText } from '../db/document.ts'
import type { Db } from '../db/open.ts'

/** An order for one node. */
export interface OrderRow {
  readonly nodeId: number
  readonly order: Order
  readonly issuedAt: EpochMs
  /** After this it is not worth sending any more. */
  readonly keepUntil: EpochMs
}

/** The statements whose plans are proved to use an index. */
export const ORDER_SQL = {
  unfinished:
    'SELECT body FROM orders WHERE node_id = ? AND finished_at IS NULL AND keep_until > ? ORDER BY issued_at, id',
} as const

export type OrderStore = ReturnType<typeof orderStore>

/** Orders, until their node has finished them. */
export function orderStore(db: Db) {
  const add = db.prepare<[string, number, string, string, EpochMs, EpochMs]>(
    'INSERT INTO orders (id, node_id, kind, body, issued_at, keep_until) VALUES (?, ?, ?, ?, ?, ?)',
  )
  const unfinished = db.prepare<[number, EpochMs], { body: string }>(ORDER_SQL.unfinished)
  const byId = db.prepare<[string, number], { body: string }>(
    'SELECT body FROM orders WHERE id = ? AND node_id = ?',
  )
  const finish = db.prepare<[EpochMs, number, string, number]>(
    'UPDATE orders SET finished_at = ?, changed = ? WHERE id = ? AND node_id = ? AND finished_at IS NULL',
  )
  const forget = db.prepare<[EpochMs]>('DELETE FROM orders WHERE keep_until < ?')
  const drop = db.prepare<[number]>('DELETE FROM orders WHERE node_id = ? AND finished_at IS NULL')
  return {
    add: ({ nodeId, order, issuedAt, keepUntil }: OrderRow) =>
      void add.run(order.id, nodeId, order.kind, toText(order), issuedAt, keepUntil),
    /** What a node has not finished and should still hear of, oldest first. */
    unfinished: (nodeId: number, now: EpochMs): readonly Order[] =>
      unfinished.all(nodeId, now).map(({ body }) => fromText<Order>(body)),
    byId(id: string, nodeId: number): Order | null {
      const row = byId.get(id, nodeId)
      return row ? fromText<Order>(row.body) : null
    },
    finish: (id: string, by: { nodeId: number; at: EpochMs; changed: number }) =>
      void finish.run(by.at, by.changed, id, by.nodeId),
    /** Drops what a node that left the fleet never heard. */
    dropOf: (nodeId: number) => void drop.run(nodeId),
    forget: (keptUntil: EpochMs) => void forget.run(keptUntil),
  }
}
