import { beginOf, isSubnet, parseTarget, TargetSet, type Ban, type EpochMs, type Offence } from '@warder/core'
import type { Db } from './open.ts'

/** So many are handed to SQLite by one statement. */
const AT_ONCE = 1_024

/** A ban that was made. */
type Made = Pick<Ban, 'jail' | 'ip' | 'at' | 'ticket'>

/** What is remembered of past bans. */
export interface Offences {
  /** One more of each of these, in order; more where a ban counted as a later one. */
  add(bans: readonly Made[]): void
  /** Adds what was known elsewhere. */
  restore(offence: Offence): void
  /** All, the oldest first. */
  all(): readonly Offence[]
  /** Forgets those of addresses and of all in subnets (null: everybody), of one jail or (null) all. */
  forget(targets: readonly string[] | null, jail: string | null): void
  /** Those of one address: looks at all that there are. */
  of(ip: string): readonly Offence[]
  /** How often a jail banned an address. */
  count(jail: string, ip: string): number
  /** Forgets addresses that have kept quiet since. */
  prune(before: EpochMs): void
}

export function offencesStore(db: Db): Offences {
  const add = db.prepare(`INSERT INTO offences (jail, ip, bans, last_at)
    SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM json_each(?) WHERE true
    ON CONFLICT DO UPDATE SET bans = max(bans + 1, excluded.bans), last_at = excluded.last_at`)
  const join = db.prepare(`INSERT INTO offences (jail, ip, bans, last_at) VALUES (?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET bans = bans + excluded.bans, last_at = max(last_at, excluded.last_at)`)
  const of = db.prepare<[string], Offence>(
    'SELECT jail, ip, bans, last_at AS lastAt FROM offences WHERE ip = ? ORDER BY last_at DESC',
  )
  const all = db.prepare<[], Offence>(
    'SELECT jail, ip, bans, last_at AS lastAt FROM offences ORDER BY last_at',
  )
  const count = db
    .prepare<[string, string], number>('SELECT bans FROM offences WHERE jail = ? AND ip = ?')
    .pluck()
  // Both look at all that there are, so they are asked once for however many addresses.
  const clear = db.prepare(
    'DELETE FROM offences WHERE ip IN (SELECT value FROM json_each(:ips)) AND (:jail IS NULL OR jail = :jail)',
  )
  const clearAll = db.prepare('DELETE FROM offences WHERE :jail IS NULL OR jail = :jail')
  const addresses = db.prepare<[], string>('SELECT DISTINCT ip FROM offences').pluck()
  const prune = db.prepare('DELETE FROM offences WHERE last_at < ?')
  return {
    add(bans) {
      for (let from = 0; from < bans.length; from += AT_ONCE) {
        const some = bans.slice(from, from + AT_ONCE)
        const rows = some.map((ban) => [ban.jail, ban.ip, ban.ticket?.offence ?? 1, beginOf(ban)])
        add.run(JSON.stringify(rows))
      }
    },
    restore: ({ jail, ip, bans, lastAt }) => void join.run(jail, ip, bans, lastAt),
    all: () => all.all(),
    forget(targets, jail) {
      if (targets === null) return void clearAll.run({ jail })
      const parsed = targets.flatMap((target) => parseTarget(target) ?? [])
      const within = (wanted: TargetSet): readonly string[] => addresses.all().filter((ip) => wanted.has(ip))
      const meant = parsed.some(isSubnet) ? within(new TargetSet(parsed)) : parsed
      clear.run({ ips: JSON.stringify(meant), jail })
    },
    of: (ip) => of.all(ip),
    count: (jail, ip) => count.get(jail, ip) ?? 0,
    prune: (before) => void prune.run(before),
  }
}
