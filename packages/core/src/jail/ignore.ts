import type { IgnoreReason } from '../engine/event.ts'
import type { NeverBan } from '../engine/input.ts'
import type { Suspect } from '../failure/suspects.ts'
import { readV4Number } from '../ip/address.ts'
import { TargetSet } from '../ip/target-set.ts'
import { LOOPBACK, PRIVATE, readTarget } from '../ip/cidr.ts'

const LOOPBACK_SET = new TargetSet(LOOPBACK)
const PRIVATE_SET = new TargetSet(PRIVATE)

/** The reasons for which an address is never banned. */
export type NeverReason = Extract<IgnoreReason, 'ignoreip' | 'own-address' | 'loopback' | 'private-network'>

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
  forSuspect(suspect: Suspect): IgnoreReason | null {
    if (suspect.saidBy === this) return suspect.reason
    suspect.reason = this.for(suspect.ip)
    suspect.saidBy = this
    return suspect.reason
  }
}

/** Who is never banned on a node. A subnet that holds such an address is never banned either. */
export class NeverBanned {
  readonly #own: TargetSet
  readonly #ignored: TargetSet
  readonly #privateNetworks: boolean

  constructor(never: NeverBan) {
    this.#own = new TargetSet(never.own)
    this.#ignored = new TargetSet(never.ignoreip)
    this.#privateNetworks = never.privateNetworks
  }

  /** Why a canonical address or subnet does not count, also by what its jail ignores; null when it counts. */
  reasonFor(target: string, ignoredByJail?: TargetSet): NeverReason | null {
    const address = readV4Number(target)
    if (address >= 0) return this.#reason((set) => set.hasV4(address), ignoredByJail)
    const parts = readTarget(target)
    return parts === null ? null : this.#reason((set) => set.overlapOf(parts) !== null, ignoredByJail)
  }

  #reason(isIn: (set: TargetSet) => boolean, ignoredByJail: TargetSet | undefined): NeverReason | null {
    if (isIn(LOOPBACK_SET)) return 'loopback'
    if (isIn(this.#own)) return 'own-address'
    if (this.#privateNetworks && isIn(PRIVATE_SET)) return 'private-network'
    return isIn(this.#ignored) || (ignoredByJail !== undefined && isIn(ignoredByJail)) ? 'ignoreip' : null
  }
}
