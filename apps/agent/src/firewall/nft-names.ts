import { createHash } from 'node:crypto'
import { isSubnet, familyOf } from '@warder/core'
import type { FirewallJail } from './firewall.ts'

/** Our tables: `inet` for the node and what is routed, `bridge` for guests behind its bridges. Sets belong to a table. */
export const TABLE = 'warder'
export const TABLES = { inet: `inet ${TABLE}`, bridge: `bridge ${TABLE}` } as const
export type Family = keyof typeof TABLES
export const NEVER_SETS = { 4: 'never-4', 6: 'never-6' } as const

/** Older kernels take no more. */
const NAME_LIMIT = 31

/**
 * What an element set holds: addresses (`v`) or prefixes (`n`), of one family. They live apart since prefixes must not
 * overlap. IPv6 prefixes of 64 bits (`m`) are many and never overlap, so they are single elements too: the first address of
 * each, looked up by the first half of a packet's.
 */
export type SetKind = 'v4' | 'v6' | 'n4' | 'n6' | 'm6'
export const SET_KINDS: readonly SetKind[] = ['v4', 'v6', 'n4', 'n6', 'm6']
/** The sets that are written whole. */
export const WIDE_KINDS: readonly SetKind[] = ['n4', 'n6']

/** The tables that a jail's bans are in. A bridge carries the guests' ports, so only jails of all ports count there. */
export const familiesOf = ({ ports }: Pick<FirewallJail, 'ports'>, guests: boolean): readonly Family[] =>
  guests && ports.ports === 'all' ? ['inet', 'bridge'] : ['inet']

/**
 * The set of a jail's bans of one kind. Different jails have different names: a long one is replaced by its
 * digest, behind a mark that no short one can have. A jail's name holds only what nft takes.
 */
export const setName = (kind: SetKind, jail: string): string => nameOf(kind, jail)

/** The counter of a jail's blocked packets. */
export const counterName = (jail: string): string => nameOf('c', jail)

function nameOf(kind: SetKind | 'c', jail: string): string {
  if (!/^[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(jail)) throw new Error(`not a jail's name: ${jail.slice(0, 80)}`)
  const plain = `${kind}-${jail}`
  if (plain.length <= NAME_LIMIT) return plain
  return `${kind}h-${createHash('sha256').update(jail).digest('hex').slice(0, 26)}`
}

/** The kind of set that an address, a subnet or (from a listing) a range `a-b` belongs to. */
export function kindOf(ip: string): SetKind {
  const range = ip.includes('-')
  const family = range ? (ip.includes(':') ? 6 : 4) : familyOf(ip)
  if (family === 6 && !range && ip.endsWith('/64')) return 'm6'
  return range || isSubnet(ip) ? `n${family}` : `v${family}`
}
