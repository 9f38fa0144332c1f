import type { EpochMs, IgnoreReason, Order } from '@warder/core'
import { fromText, toText } from '../db/document.ts'
import type { Db } from '../db/open.ts'

/** An order for one node. */
export interface OrderRow {
  readonly nodeId: number
  readonly order: Order
  readonly issuedAt: EpochMs
  /** After this it is not worth sending any more. */
  readonly keepUntil: EpochMs
  /** The order for many that it is the part of. */
  readonly bulkId?: string
}

/** How far a node is with its part of an order for many. */
export interface BulkPart {
  readonly id: string
  readonly nodeId: number
  readonly node: string
  readonly keepUntil: EpochMs
  readonly finishedAt: EpochMs | null
  readonly done: number
  readonly refused: number
}

/** Something of an order for many that was not banned. */
export interface Refusal {
  readonly node: string
  readonly ip: string
  readonly reason: IgnoreReason
}

/** The statements whose plans are proved to use an index. */
export const ORDER_SQL = {
  unfinished:
    'SELECT body FROM orders WHERE node_id = ? AND finished_at IS NULL AND keep_until > ? ORDER BY issued_at, id',
  parts: `SELECT orders.id, node_id AS nodeId, nodes.name AS node, keep_until AS keepUntil, finished_at AS finishedAt, done, refused
    FROM orders JOIN nodes ON nodes.id = node_id WHERE bulk_id = ? ORDER BY nodes.name`,
} as const

export type OrderStore = ReturnType<typeof orderStore>

/** Orders, until their node has finished them. */
export function orderStore(db: Db) {
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
    /** A node did, or refused, something of its part of an order for many. */
    did: (id: string, nodeId: number) => void progress.run(1, 0, id, nodeId),
    refused(id: string, nodeId: number, what: Pick<Refusal, 'ip' | 'reason'>): void {
      if (progress.run(0, 1, id, nodeId).changes > 0) refuse.run(id, what.ip, what.reason)
    },
    partsOf: (bulkId: string): readonly BulkPart[] => parts.all(bulkId),
    refusalsOf: (bulkId: string, limit: number): readonly Refusal[] => refusals.all(bulkId, limit),
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
