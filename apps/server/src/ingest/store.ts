import type { Db } from '../db/open.ts'

/** An outbox of a node, and the number of its last event that is in history. */
export interface OutboxRow {
  readonly id: number
  readonly acked: number
}

export type OutboxStore = ReturnType<typeof outboxStore>

/** How far each outbox is in history. */
export function outboxStore(db: Db) {
  const find = db.prepare<[number, string], OutboxRow>(
    'SELECT id, acked FROM outboxes WHERE node_id = ? AND outbox = ?',
  )
  const add = db.prepare<[number, string]>('INSERT INTO outboxes (node_id, outbox, acked) VALUES (?, ?, 0)')
  const acked = db.prepare<[number], { acked: number }>('SELECT acked FROM outboxes WHERE id = ?')
  const advance = db.prepare<[number, number]>('UPDATE outboxes SET acked = ? WHERE id = ?')
  return {
    /** The outbox of a node by its own id, made when it is new. */
    open(nodeId: number, outbox: string): OutboxRow {
      return find.get(nodeId, outbox) ?? { id: Number(add.run(nodeId, outbox).lastInsertRowid), acked: 0 }
    },
    acked: (id: number): number => acked.get(id)?.acked ?? 0,
    advance: (id: number, to: number) => void advance.run(to, id),
  }
}
