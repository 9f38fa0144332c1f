import { isSubnet, parseTarget, TargetSet, type EpochMs, type Offence } from '@warder/core'
import type { Db } from './open.ts'

/** What is remembered of past bans. */
export interface Offences {
  add(jail: string, ip: string, at: EpochMs): void
  /** Adds what was known elsewhere. */
  restore(offence: Offence): void
  /** All, the oldest first. */
  all(): readonly Offence[]
  /** Forgets those of addresses and of all in subnets (null: everybody), of one jail or (null) all. */
  forget(targets: readonly string[] | null, jail: string | null): void
  /** Those of one address. */
  of(ip: string): readonly Offence[]
  /** Forgets addresses that have kept quiet since. */
  prune(before: EpochMs): void
}

export function offencesStore(db: Db): Offences {
  const add = db.prepare(`INSERT INTO offences (jail, ip, bans, last_at) VALUES (?, ?, 1, ?)
    ON CONFLICT DO UPDATE SET bans = bans + 1, last_at = excluded.last_at`)
  const join = db.prepare(`INSERT INTO offences (jail, ip, bans, last_at) VALUES (?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET bans = bans + excluded.bans, last_at = max(last_at, excluded.last_at)`)
  const of = db.prepare<[string], Offence>(
    'SELECT jail, ip, bans, last_at AS lastAt FROM offences WHERE ip = ? ORDER BY last_at DESC',
  )
  const all = db.prepare<[], Offence>(
    'SELECT jail, ip, bans, last_at AS lastAt FROM offences ORDER BY last_at',
  )
  const clear = db.prepare('DELETE FROM offences WHERE ip = ? AND (? IS NULL OR jail = ?)')
  const addresses = db.prepare<[], string>('SELECT DISTINCT ip FROM offences').pluck()
  const prune = db.prepare('DELETE FROM offences WHERE last_at < ?')
  return {
    add: (jail, ip, at) => void add.run(jail, ip, at),
    restore: ({ jail, ip, bans, lastAt }) => void join.run(jail, ip, bans, lastAt),
    all: () => all.all(),
    forget(targets, jail) {
      const parsed = targets?.flatMap((target) => parseTarget(target) ?? []) ?? null
      const areSingle = parsed !== null && !parsed.some(isSubnet)
      const wanted = parsed === null ? null : new TargetSet(parsed)
      for (const ip of areSingle ? parsed : addresses.all())
        if (wanted === null || wanted.has(ip)) clear.run(ip, jail, jail)
    },
    of: (ip) => of.all(ip),
    prune: (before) => void prune.run(before),
  }
}
