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
  const wanted = compared.wanted.filter((ban) => !except.has(keyOf(ban)))
  const enforced = compared.enforced.filter((each) => !except.has(keyOf(each)))
  const inForce = new Map(enforced.map((each) => [keyOf(each), each]))
  const keys = new Set(wanted.map(keyOf))
  const judged = wanted
    .filter((ban) => !isEnding(ban.until, now))
    .map((ban) => ({ ban, stands: standing(inForce.get(keyOf(ban)), ban.until, { now, longestS }) }))
  const missing = judged.filter(({ stands }) => stands === 'missing').map(({ ban }) => ban)
  const short = judged.filter(({ stands }) => stands === 'short').map(({ ban }) => ban)
  const remove = enforced.filter((each) => !keys.has(keyOf(each)) && !isEnding(each.until, now))
  return {
    changes: [
      ...remove.map(({ jail, ip }) => ({ kind: 'remove' as const, jail, ip })),
      ...[...missing, ...short].map(({ jail, ip, until }) => ({ kind: 'add' as const, jail, ip, until })),
    ],
    missing,
    foreign: remove.length,
  }
}

/** What tells a ban from all others of a node. */
export const keyOf = ({ jail, ip }: { readonly jail: string; readonly ip: string }): string => `${jail} ${ip}`

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
