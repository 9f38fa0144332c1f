/** An outbox of a node, and the number of its last event that is in history. */
export interface OutboxRow {
  readonly id: number
  readonly acked: number
}

/** How far each outbox is in history. */
export interface OutboxStore {
  /** The outbox of a node by its own id, made when it is new. */
  open(nodeId: number, outbox: string): OutboxRow
  acked(id: number): number
  advance(id: number, to: number): void
}
