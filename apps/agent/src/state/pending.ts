import type { Effect } from '@warder/core'
import type { Db } from './open.ts'

/** What the firewall still has to do: its events are recorded once it agrees. */
export type PendingEffect = Extract<Effect, { kind: 'ban' | 'lift' }>

export interface Pending {
  add(effects: readonly PendingEffect[]): void
  /** In the order they were added. */
  all(): readonly PendingEffect[]
  clear(): void
}

export function pendingStore(db: Db): Pending {
  const add = db.prepare('INSERT INTO pending (effect) VALUES (?)')
  const all = db.prepare<[], string>('SELECT effect FROM pending ORDER BY id').pluck()
  const clear = db.prepare('DELETE FROM pending')
  return {
    add(effects) {
      for (const effect of effects) add.run(JSON.stringify(effect))
    },
    all: () => all.all().map((text) => JSON.parse(text) as PendingEffect),
    clear: () => void clear.run(),
  }
}
