import type { Ban, EpochMs } from '@warder/core'
import type { Enforced } from '../firewall/firewall.ts'
import { byJail, keyOf } from './reconcile.ts'

/** So many bans that are not in force are named for each jail; beyond that they are only counted. */
const NAMED = 50

/** How a jail's bans stood when the firewall was last asked. */
export interface HeldJail {
  readonly wanted: number
  readonly enforced: number
  /** Addresses that were not in force, the first of them. */
  readonly missing: readonly string[]
}

/** What the firewall said it holds. */
export interface Held {
  /** When it was asked. */
  readonly at: EpochMs
  readonly jails: ReadonlyMap<string, HeldJail>
}

/** Wanted against enforced, jail by jail. `missing`: those of the wanted that are not in force as they should be. */
export function heldOf(
  wanted: readonly Ban[],
  enforced: readonly Enforced[],
  missing: readonly Ban[],
  at: EpochMs,
): Held {
  const jails = new Map<string, { wanted: number; enforced: number; missing: string[] }>()
  const inForce = byJail(enforced)
  const amiss = new Set(missing.map(keyOf))
  for (const ban of wanted) {
    const jail = jails.get(ban.jail) ?? { wanted: 0, enforced: 0, missing: [] }
    jails.set(ban.jail, jail)
    jail.wanted++
    if (inForce.get(ban.jail)?.has(ban.ip) && !(amiss.size > 0 && amiss.has(keyOf(ban)))) jail.enforced++
    else if (jail.missing.length < NAMED) jail.missing.push(ban.ip)
  }
  return { at, jails }
}
