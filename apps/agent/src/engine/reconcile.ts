import type { Ban, EpochMs } from '@warder/core'
import type { Enforced, FirewallChange } from '../firewall/firewall.ts'
import { LONGEST_TIMEOUT_S } from '../firewall/nft-script.ts'

/** What ends within this is left to end: the kernel and we count in our own time. */
const ABOUT_TO_END_MS = 2_000
/** Ends that differ by less are the same: listings are in seconds, and clocks are set. */
const SAME_END_MS = 30_000

/** What has to change so that the bans in force are the ones that are wanted. */
export interface Repair {
  readonly changes: readonly FirewallChange[]
  /** Wanted bans that were not in force, or not with their end. */
  readonly missing: number
  /** Bans in force that nobody wants. */
  readonly foreign: number
}

/** Wanted against enforced → what to add and what to take out. A ban that has ended is never added again. */
export function reconcile(wanted: readonly Ban[], enforced: readonly Enforced[], now: EpochMs): Repair {
  const inForce = byJail(enforced)
  const add = wanted.filter(
    (ban) => !isEnding(ban.until, now) && !hasEnd(inForce.get(ban.jail)?.get(ban.ip), ban.until, now),
  )
  // What is left of them is wanted by nobody.
  for (const { jail, ip } of wanted) inForce.get(jail)?.delete(ip)
  const remove = [...inForce.values()].flatMap((each) =>
    [...each.values()].filter(({ until }) => !isEnding(until, now)),
  )
  return {
    changes: [
      ...remove.map(({ jail, ip }) => ({ kind: 'remove' as const, jail, ip })),
      ...add.map(({ jail, ip, until }) => ({ kind: 'add' as const, jail, ip, until })),
    ],
    missing: add.length,
    foreign: remove.length,
  }
}

/** Jail by jail: texts made of both would take more memory than all the rest. */
function byJail(enforced: readonly Enforced[]): ReadonlyMap<string, Map<string, Enforced>> {
  const jails = new Map<string, Map<string, Enforced>>()
  for (const each of enforced) {
    const ips = jails.get(each.jail)
    if (ips === undefined) jails.set(each.jail, new Map([[each.ip, each]]))
    else ips.set(each.ip, each)
  }
  return jails
}

const isEnding = (until: EpochMs | null, now: EpochMs): boolean =>
  until !== null && until <= now + ABOUT_TO_END_MS

function hasEnd(enforced: Enforced | undefined, wanted: EpochMs | null, now: EpochMs): boolean {
  if (!enforced) return false
  if (wanted === null || enforced.until === null) return wanted === enforced.until
  const longest = now + LONGEST_TIMEOUT_S * 1_000
  return Math.abs(Math.min(enforced.until, longest) - Math.min(wanted, longest)) <= SAME_END_MS
}
