import type { EpochMs } from '@warder/core'
import type { Db } from './open.ts'

/** Orders that were carried out: the server sends one again until it has read the answer. */
export interface Orders {
  /** When it was; null when it was not. */
  doneAt(id: string): EpochMs | null
  note(id: string, at: EpochMs): void
  prune(before: EpochMs): void
}

export function ordersStore(db: Db): Orders {
  const find = db.prepare<[string], number>('SELECT at FROM orders WHERE id = ?').pluck()
  const note = db.prepare('INSERT INTO orders (id, at) VALUES (?, ?) ON CONFLICT DO NOTHING')
  const prune = db.prepare('DELETE FROM orders WHERE at < ?')
  return {
    doneAt: (id) => find.get(id) ?? null,
    note: (id, at) => void note.run(id, at),
    prune: (before) => void prune.run(before),
  }
}
