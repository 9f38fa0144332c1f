import { contains, isSubnet, TargetSet, type EpochMs, type Failure } from '@warder/core'
import type { Db } from './open.ts'

/** A flood from many addresses must not fill the disk: beyond this the oldest are forgotten. */
export const FAILURES_LIMIT = 100_000

/** Failures that may still lead to a ban, for the next start. */
export interface Failures {
  add(failure: Failure): void
  /** Those of an address or of all in a subnet, once it is banned or let go. */
  clear(jail: string, ip: string): void
  /** Those of many addresses; none of them may be a subnet. */
  clearAll(jail: string, ips: readonly string[]): void
  /** Those of addresses and of all in subnets (null: everybody), of one jail or (null) all. */
  forget(targets: readonly string[] | null, jail: string | null): void
  /** Those of a jail that are older than its findtime. */
  prune(jail: string, before: EpochMs): void
  /** Those of jails that are gone, and those beyond the limit. */
  trim(jails: readonly string[]): void
  /** Oldest first. */
  all(): readonly Failure[]
}

interface Row {
  readonly jail: string
  readonly ip: string
  readonly at: number
  readonly user: string | null
  readonly line: string
}

/** Between which texts the addresses of a subnet stand, so that not all have to be looked at. */
function rangeOf(subnet: string): readonly [from: string, to: string] {
  const first = /^([0-9a-f]{1,4}):/.exec(subnet)?.[1]
  return first === undefined ? ['', '~'] : [`${first}:`, `${first};`]
}

export function failuresStore(db: Db): Failures {
  const add = db.prepare('INSERT INTO failures (jail, ip, at, user, line) VALUES (?, ?, ?, ?, ?)')
  const clear = db.prepare('DELETE FROM failures WHERE jail = ? AND ip = ?')
  const clearMany = db.prepare(
    'DELETE FROM failures WHERE jail = ? AND ip IN (SELECT value FROM json_each(?))',
  )
  const between = db
    .prepare<[string, string, string], string>(
      'SELECT DISTINCT ip FROM failures WHERE jail = ? AND ip >= ? AND ip < ?',
    )
    .pluck()
  const prune = db.prepare('DELETE FROM failures WHERE jail = ? AND at < ?')
  const foreign = db.prepare('DELETE FROM failures WHERE jail NOT IN (SELECT value FROM json_each(?))')
  const beyond = db.prepare('DELETE FROM failures WHERE id <= (SELECT max(id) FROM failures) - ?')
  const addresses = db.prepare<[], { jail: string; ip: string }>('SELECT DISTINCT jail, ip FROM failures')
  const all = db.prepare<[], Row>('SELECT jail, ip, at, user, line FROM failures ORDER BY at, id')
  return {
    add: ({ jail, ip, at, user, line }) => void add.run(jail, ip, at, user ?? null, line),
    clear(jail, ip) {
      if (!isSubnet(ip)) return void clear.run(jail, ip)
      const [from, to] = rangeOf(ip)
      for (const each of between.all(jail, from, to)) if (contains(ip, each)) clear.run(jail, each)
    },
    clearAll: (jail, ips) => void clearMany.run(jail, JSON.stringify(ips)),
    forget(targets, jail) {
      const wanted = targets === null ? null : new TargetSet(targets)
      for (const row of addresses.all()) {
        const isMeant = (jail === null || jail === row.jail) && (wanted === null || wanted.has(row.ip))
        if (isMeant) clear.run(row.jail, row.ip)
      }
    },
    prune: (jail, before) => void prune.run(jail, before),
    trim(jails) {
      foreign.run(JSON.stringify(jails))
      beyond.run(FAILURES_LIMIT)
    },
    all: () => all.all().map(({ user, ...rest }) => (user === null ? rest : { ...rest, user })),
  }
}
