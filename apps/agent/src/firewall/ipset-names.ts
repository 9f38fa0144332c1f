import { createHash } from 'node:crypto'
import { familyOf, isSubnet } from '@warder/core'

/** All sets of a machine share their names: ours begin so. */
const PREFIX = 'warder-'
export const NEVER_SETS = { 4: `${PREFIX}never4`, 6: `${PREFIX}never6` } as const
/** What takes the place of a set of who is never banned while it is filled. */
export const nextOf = (set: string): string => `${set}-next`

/** Our chains by the chain that they are called from. */
export const CHAINS = { INPUT: 'WARDER-INPUT', FORWARD: 'WARDER-FORWARD' } as const
export type Hook = keyof typeof CHAINS
export const HOOKS: readonly Hook[] = ['INPUT', 'FORWARD']

/** The kernel takes no more. */
const NAME_LIMIT = 31

/** What a set holds: addresses or prefixes, of one family. Prefixes of every length have room in one set. */
export type SetKind = 'v4' | 'v6' | 'n4' | 'n6'
export const SET_KINDS: readonly SetKind[] = ['v4', 'v6', 'n4', 'n6']

/** The kind of set that an address or a subnet belongs to. */
export const kindOf = (ip: string): SetKind => `${isSubnet(ip) ? 'n' : 'v'}${familyOf(ip)}`

/**
 * The set of a jail's bans of one kind. Different jails have different names: a long one is replaced by its digest,
 * behind a mark that no short one can have.
 */
export function setName(kind: SetKind, jail: string): string {
  if (!/^[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(jail)) throw new Error(`not a jail's name: ${jail.slice(0, 80)}`)
  const plain = `${PREFIX}${kind}-${jail}`
  if (plain.length <= NAME_LIMIT) return plain
  return `${PREFIX}${kind}h-${createHash('sha256').update(jail).digest('hex').slice(0, 20)}`
}

/** Whether a set of the machine is one of ours. */
export const isOurs = (set: string): boolean => set.startsWith(PREFIX)
