import type { EpochMs, IgnoreReason, Order } from '@warder/core'

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

/** Orders, until their node has finished them. */
export interface OrderStore {
  add(order: OrderRow): void
  /** A node did, or refused, something of its part of an order for many. */
  did(id: string, nodeId: number): void
  refused(id: string, nodeId: number, what: Pick<Refusal, 'ip' | 'reason'>): void
  partsOf(bulkId: string): readonly BulkPart[]
  refusalsOf(bulkId: string, limit: number): readonly Refusal[]
  /** What a node has not finished and should still hear of, oldest first. */
  unfinished(nodeId: number, now: EpochMs): readonly Order[]
  byId(id: string, nodeId: number): Order | null
  finish(id: string, by: { nodeId: number; at: EpochMs; changed: number }): void
  /** Drops what a node that left the fleet never heard. */
  dropOf(nodeId: number): void
  forget(keptUntil: EpochMs): void
}
