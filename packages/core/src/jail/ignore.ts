import type { Suspect } from '../failure/suspects.ts'
import { readV4Number } from '../ip/address.ts'
import { TargetSet } from '../ip/target-set.ts'
import { LOOPBACK, readTarget } from '../ip/cidr.ts'
import type { NeverBan, NeverReason } from './never.ts'

const LOOPBACK_SET = new TargetSet(LOOPBACK)

/** For so many addresses it is remembered whether they count; attackers come again and again. */
const MOST_REMEMBERED = 4_096

/** What is known of addresses, as long as the same are never banned and a jail ignores the same. */
export class Reasons {
  readonly #never: NeverBanned
  readonly #ignoredByJail: TargetSet
  readonly #known = new Map<string, NeverReason | null>()

  constructor(never: NeverBanned, ignoredByJail: TargetSet) {
    this.#never = never
    this.#ignoredByJail = ignoredByJail
  }

  /** Whether they are those of this node. */
  areOf(never: NeverBanned): boolean {
    return this.#never === never
  }

  /** Why a canonical address or subnet does not count; null when it counts. */
  for(target: string): NeverReason | null {
    const known = this.#known.get(target)
    if (known !== undefined) return known
    const reason = this.#never.reasonFor(target, this.#ignoredByJail)
    if (this.#known.size >= MOST_REMEMBERED) this.#known.clear()
    this.#known.set(target, reason)
    return reason
  }

  /** The same for an address that is known; it is noted there. */
  forSuspect(suspect: Suspect): NeverReason | null {
    if (suspect.saidBy === this) return suspect.reason
    suspect.reason = this.for(suspect.ip)
    suspect.saidBy = this
    return suspect.reason
  }
}

/** Who is never banned on a node. A subnet that holds such an address is never banned either. */
export class NeverBanned {
  readonly #groups: readonly (readonly [NeverReason, TargetSet])[]
  readonly #never: NeverBan

  constructor(never: NeverBan) {
    this.#never = never
    this.#groups = [
      ['loopback', LOOPBACK_SET],
      ...never.groups.map(({ reason, targets }) => [reason, new TargetSet(targets)] as const),
    ]
  }

  /** Why a canonical address or subnet does not count, also by what its jail ignores; null when it counts. */
  reasonFor(target: string, ignoredByJail?: TargetSet): NeverReason | null {
    const address = readV4Number(target)
    if (address >= 0) return this.#reason((set) => set.hasV4(address), ignoredByJail)
    const parts = readTarget(target)
    return parts === null ? null : this.#reason((set) => set.overlapOf(parts) !== null, ignoredByJail)
  }

  /** Why all of a canonical address or subnet does not count; null also where only a part of it does not. */
  reasonForWhole(target: string): NeverReason | null {
    const parts = readTarget(target)
    return parts === null ? null : this.#reason((set) => set.matchOf(parts) !== null, undefined)
  }

  /** All that is never banned, in no order. */
  targets(): readonly string[] {
    return [...LOOPBACK, ...this.#never.groups.flatMap(({ targets }) => targets)]
  }

  #reason(isIn: (set: TargetSet) => boolean, ignoredByJail: TargetSet | undefined): NeverReason | null {
    for (const [reason, set] of this.#groups) if (isIn(set)) return reason
    return ignoredByJail !== undefined && isIn(ignoredByJail) ? 'ignoreip' : null
  }
}
