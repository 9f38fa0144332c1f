import type { Db } from './open.ts'
import type { OutboxRow, OutboxStore } from '../ingest/store.ts'

/** How far each outbox is in history. */
export function outboxStore(db: Db): OutboxStore {
  const find = db.prepare<[number, string], OutboxRow>(
    'SELECT id, acked FROM outboxes WHERE node_id = ? AND outbox = ?',
  )
  const add = db.prepare<[number, string]>('INSERT INTO outboxes (node_id, outbox, acked) VALUES (?, ?, 0)')
  const acked = db.prepare<[number], { acked: number }>('SELECT acked FROM outboxes WHERE id = ?')
  const advance = db.prepare<[number, number]>('UPDATE outboxes SET acked = ? WHERE id = ?')
  return {
    open(nodeId: number, outbox: string): OutboxRow {
      return find.get(nodeId, outbox) ?? { id: Number(add.run(nodeId, outbox).lastInsertRowid), acked: 0 }
    },
    acked: (id: number): number => acked.get(id)?.acked ?? 0,
    advance: (id: number, to: number) => void advance.run(to, id),
  }
}
