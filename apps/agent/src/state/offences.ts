import type { EpochMs } from '@warder/core'
import type { Db } from './open.ts'

/** How often an address was banned by a jail before, and when last. */
export interface Offence {
  readonly jail: string
  readonly ip: string
  readonly bans: number
  readonly lastAt: EpochMs
}

/** What is remembered of past bans. */
export interface Offences {
  add(jail: string, ip: string, at: EpochMs): void
  /** Those of one address. */
  of(ip: string): readonly Offence[]
  /** Forgets addresses that have kept quiet since. */
  prune(before: EpochMs): void
}

export function offencesStore(db: Db): Offences {
  const add = db.prepare(`INSERT INTO offences (jail, ip, bans, last_at) VALUES (?, ?, 1, ?)
    ON CONFLICT DO UPDATE SET bans = bans + 1, last_at = excluded.last_at`)
  const of = db.prepare<[string], Offence>(
    'SELECT jail, ip, bans, last_at AS lastAt FROM offences WHERE ip = ? ORDER BY last_at DESC',
  )
  const prune = db.prepare('DELETE FROM offences WHERE last_at < ?')
  return {
    add: (jail, ip, at) => void add.run(jail, ip, at),
    of: (ip) => of.all(ip),
    prune: (before) => void prune.run(before),
  }
}
