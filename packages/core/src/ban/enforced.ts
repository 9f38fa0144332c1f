import type { EpochMs } from '../time/epoch.ts'

/** What a node's firewall said of the bans it holds. */
export interface Enforcement {
  /** When all bans were compared with what it holds. */
  readonly comparedAt: EpochMs
  readonly jails: readonly {
    readonly jail: string
    readonly wanted: number
    readonly enforced: number
    /** Addresses that were not in force, the first of them. */
    readonly missing: readonly string[]
  }[]
}

/**
 * Whether a firewall holds a ban, by what it said itself; null: it does not say. One that was made after it was asked is
 * not known of, nor is one that may be among more missing ones than are named.
 */
export function isEnforced(
  ban: { readonly jail: string; readonly ip: string; readonly at: EpochMs },
  enforcement: Enforcement | null,
): boolean | null {
  const jail = enforcement?.jails.find((each) => each.jail === ban.jail)
  if (enforcement === null || jail === undefined || enforcement.comparedAt <= ban.at) return null
  if (jail.missing.includes(ban.ip)) return false
  return jail.wanted - jail.enforced > jail.missing.length ? null : true
}
