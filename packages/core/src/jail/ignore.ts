import type { IgnoreReason } from '../engine/event.ts'
import type { NeverBan } from '../engine/input.ts'
import { TargetSet } from '../ip/target-set.ts'
import { LOOPBACK, PRIVATE } from '../ip/cidr.ts'

const LOOPBACK_SET = new TargetSet(LOOPBACK)
const PRIVATE_SET = new TargetSet(PRIVATE)

/** The reasons for which an address is never banned. */
export type NeverReason = Extract<IgnoreReason, 'ignoreip' | 'own-address' | 'loopback' | 'private-network'>

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
    if (LOOPBACK_SET.overlap(target) !== null) return 'loopback'
    if (this.#own.overlap(target) !== null) return 'own-address'
    if (this.#privateNetworks && PRIVATE_SET.overlap(target) !== null) return 'private-network'
    const isIgnored =
      this.#ignored.overlap(target) !== null || (ignoredByJail?.overlap(target) ?? null) !== null
    return isIgnored ? 'ignoreip' : null
  }
}
