import type { EpochMs, Order } from '@warder/core'
import { fromText, toText } from './document.ts'
import type { Db } from './open.ts'
import type { OrderRow, BulkPart, Refusal, OrderStore } from '../bans/order-store.ts'

/** The statements whose plans are proved to use an index. */
export const ORDER_SQL = {
  unfinished:
    'SELECT body FROM orders WHERE node_id = ? AND finished_at IS NULL AND keep_until > ? ORDER BY issued_at, rowid',
  parts: `SELECT orders.id, node_id AS nodeId, nodes.name AS node, keep_until AS keepUntil, finished_at AS finishedAt, done, refused
    FROM orders JOIN nodes ON nodes.id = node_id WHERE bulk_id = ? ORDER BY nodes.name`,
} as const

/** Orders, until their node has finished them. */
export function orderStore(db: Db): OrderStore {
  const add = db.prepare<[string, number, string, string, EpochMs, EpochMs, string | null]>(
    'INSERT INTO orders (id, node_id, kind, body, issued_at, keep_until, bulk_id) VALUES (?, ?, ?, ?, ?, ?, ?)',
  )
  const progress = db.prepare<[number, number, string, number]>(
    'UPDATE orders SET done = done + ?, refused = refused + ? WHERE id = ? AND node_id = ? AND bulk_id IS NOT NULL',
  )
  const refuse = db.prepare<[string, string, string]>(
    'INSERT INTO order_refusals (order_id, ip, reason) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
  )
  const parts = db.prepare<[string], BulkPart>(ORDER_SQL.parts)
  const refusals = db.prepare<[string, number], Refusal>(
    `SELECT nodes.name AS node, ip, reason FROM orders JOIN order_refusals ON order_id = orders.id
     JOIN nodes ON nodes.id = node_id WHERE bulk_id = ? ORDER BY node, ip LIMIT ?`,
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
    add: ({ nodeId, order, issuedAt, keepUntil, bulkId }: OrderRow) =>
      void add.run(order.id, nodeId, order.kind, toText(order), issuedAt, keepUntil, bulkId ?? null),
    did: (id: string, nodeId: number) => void progress.run(1, 0, id, nodeId),
    refused(id: string, nodeId: number, what: Pick<Refusal, 'ip' | 'reason'>): void {
      if (progress.run(0, 1, id, nodeId).changes > 0) refuse.run(id, what.ip, what.reason)
    },
    partsOf: (bulkId: string): readonly BulkPart[] => parts.all(bulkId),
    refusalsOf: (bulkId: string, limit: number): readonly Refusal[] => refusals.all(bulkId, limit),
    unfinished: (nodeId: number, now: EpochMs): readonly Order[] =>
      unfinished.all(nodeId, now).map(({ body }) => fromText<Order>(body)),
    byId(id: string, nodeId: number): Order | null {
      const row = byId.get(id, nodeId)
      return row ? fromText<Order>(row.body) : null
    },
    finish: (id: string, by: { nodeId: number; at: EpochMs; changed: number }) =>
      void finish.run(by.at, by.changed, id, by.nodeId),
    dropOf: (nodeId: number) => void drop.run(nodeId),
    forget: (keptUntil: EpochMs) => void forget.run(keptUntil),
  }
}
