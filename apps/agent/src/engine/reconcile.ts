import type { Ban, EpochMs } from '@warder/core'
import type { Enforced, FirewallChange } from '../firewall/firewall.ts'

/** What ends within this is left to end: the kernel and we count in our own time. */
const ABOUT_TO_END_MS = 2_000
/** Ends that differ by less are the same: listings are in seconds, and clocks are set. */
const SAME_END_MS = 30_000

/** What has to change so that the bans in force are the ones that are wanted. */
export interface Repair {
  readonly changes: readonly FirewallChange[]
  /** Wanted bans that were not in force, or not with their end. */
  readonly missing: readonly Ban[]
  /** Bans in force that nobody wants. */
  readonly foreign: number
}

/** What is compared, and what the firewall can do. */
export interface Compared {
  readonly wanted: readonly Ban[]
  readonly enforced: readonly Enforced[]
  /** The longest time-out that the firewall takes, in seconds. */
  readonly longestS: number
  /** Bans, as keyOf() names them, that changed while the list was made: it says nothing about them. */
  readonly except?: ReadonlySet<string>
}

/**
 * Wanted against enforced → what to add and what to take out. A ban that has ended is never added again. One that is
 * longer than the firewall can count is renewed in time, and that is no fault.
 */
export function reconcile(compared: Compared, now: EpochMs): Repair {
  const { longestS, except = new Set() } = compared
  const wanted = without(compared.wanted, except)
  const inForce = byJail(without(compared.enforced, except))
  const missing: Ban[] = []
  const short: Ban[] = []
  for (const ban of wanted) {
    if (isEnding(ban.until, now)) continue
    const stands = standing(inForce.get(ban.jail)?.get(ban.ip), ban.until, { now, longestS })
    if (stands === 'missing') missing.push(ban)
    if (stands === 'short') short.push(ban)
  }
  // What is left of them is wanted by nobody.
  for (const { jail, ip } of wanted) inForce.get(jail)?.delete(ip)
  const remove = [...inForce.values()].flatMap((each) =>
    [...each.values()].filter(({ until }) => !isEnding(until, now)),
  )
  return {
    changes: [
      ...remove.map(({ jail, ip }) => ({ kind: 'remove' as const, jail, ip })),
      ...[...missing, ...short].map(({ jail, ip, until }) => ({ kind: 'add' as const, jail, ip, until })),
    ],
    missing,
    foreign: remove.length,
  }
}

/** Jail by jail: texts made of both would take more memory than all the rest. */
export function byJail(enforced: readonly Enforced[]): ReadonlyMap<string, Map<string, Enforced>> {
  const jails = new Map<string, Map<string, Enforced>>()
  for (const each of enforced) {
    const ips = jails.get(each.jail)
    if (ips === undefined) jails.set(each.jail, new Map([[each.ip, each]]))
    else ips.set(each.ip, each)
  }
  return jails
}

/** What tells a ban from all others of a node. */
export const keyOf = ({ jail, ip }: { readonly jail: string; readonly ip: string }): string => `${jail} ${ip}`

/** All but those that are named. Mostly none are, and then no name is made. */
export const without = <T extends { readonly jail: string; readonly ip: string }>(
  all: readonly T[],
  except: ReadonlySet<string>,
): readonly T[] => (except.size === 0 ? all : all.filter((each) => !except.has(keyOf(each))))

const isEnding = (until: EpochMs | null, now: EpochMs): boolean =>
  until !== null && until <= now + ABOUT_TO_END_MS

/**
 * How a ban stands. `short`: it was given all the time that the firewall could count then, and there is more to give.
 * Whether somebody cut it short cannot be told from that while much is left; then it is put right all the same.
 */
function standing(
  enforced: Enforced | undefined,
  wanted: EpochMs | null,
  { now, longestS }: { readonly now: EpochMs; readonly longestS: number },
): 'held' | 'short' | 'missing' {
  if (!enforced || enforced.partly) return 'missing'
  if (wanted === null || enforced.until === null) return wanted === enforced.until ? 'held' : 'missing'
  if (Math.abs(enforced.until - wanted) <= SAME_END_MS) return 'held'
  const left = (enforced.until - now) / 1_000
  if (enforced.until > wanted || left < longestS / 4) return 'missing'
  return wanted > now + longestS * 1_000 && left >= longestS / 2 ? 'held' : 'short'
}
